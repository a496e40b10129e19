package dev.dormouse.storage;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/// Folders and files that nobody but their owner can read or enter, from the moment they are there
/// and whatever the process's umask is. What is there already keeps its permissions.
///
/// Where a file system has no such permissions, its own are left to do their work.
public final class OwnerOnly {
  private static final boolean POSIX =
      FileSystems.getDefault().supportedFileAttributeViews().contains("posix");

  private static final Set<PosixFilePermission> OWNERS =
      EnumSet.of(
          PosixFilePermission.OWNER_READ,
          PosixFilePermission.OWNER_WRITE,
          PosixFilePermission.OWNER_EXECUTE);

  private OwnerOnly() {}

  private static FileAttribute<?>[] mode(String mode) {
    return POSIX
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(mode))
        }
        : new FileAttribute<?>[0];
  }

  /// What a file is to be opened with that may be made by that.
  public static FileAttribute<?>[] file() {
    return mode("rw-------");
  }

  /// Makes a folder if it is not there. Folders above it are made as any others.
  public static void makeFolder(Path folder) throws IOException {
    if (Files.isDirectory(folder)) {
      return;
    }
    Path above = folder.toAbsolutePath().getParent();
    if (above != null) {
      Files.createDirectories(above);
    }
    try {
      Files.createDirectory(folder, mode("rwx------"));
    } catch (FileAlreadyExistsException e) {
      if (!Files.isDirectory(folder)) {
        throw e;
      }
    }
  }

  /// Makes an empty file if it is not there.
  public static void makeFile(Path file) throws IOException {
    if (Files.exists(file)) {
      return;
    }
    try {
      Files.createFile(file, file());
    } catch (FileAlreadyExistsException _) {
      // Somebody was quicker.
    }
  }

  /// Its permissions, as `ls -l` shows them, if others than its owner have any; empty if they have
  /// none, or nobody can say.
  public static Optional<String> wider(Path path) throws IOException {
    PosixFileAttributeView view =
        Files.getFileAttributeView(path, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
    if (view == null) {
      return Optional.empty();
    }
    Set<PosixFilePermission> all = view.readAttributes().permissions();
    return OWNERS.containsAll(all)
        ? Optional.empty()
        : Optional.of(PosixFilePermissions.toString(all));
  }
}
