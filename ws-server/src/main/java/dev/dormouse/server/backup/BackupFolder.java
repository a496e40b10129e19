package dev.dormouse.server.backup;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.dormouse.room.spi.BackupPart;
import dev.dormouse.room.spi.Execution;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// A folder that becomes a backup. For one thread.
final class BackupFolder implements BackupPart.Target {
  private static final boolean POSIX =
      FileSystems.getDefault().supportedFileAttributeViews().contains("posix");

  private final Path folder;
  private final long bytesPerSecond;
  private final Execution execution;
  private final List<Manifest.Entry> files = new ArrayList<>();
  private final long began;
  private long written;

  private BackupFolder(Path folder, long bytesPerSecond, Execution execution) {
    this.folder = folder;
    this.bytesPerSecond = bytesPerSecond;
    this.execution = execution;
    this.began = execution.nanoTime();
  }

  /// Makes the folder, or takes an empty one.
  ///
  /// @param bytesPerSecond how fast it may grow; 0 for as fast as it can
  static BackupFolder begin(Path folder, long bytesPerSecond, Execution execution)
      throws IOException {
    if (Files.exists(folder)) {
      try (Stream<Path> inside = Files.list(folder)) {
        if (inside.findAny().isPresent()) {
          throw new IOException(
              folder + " is not empty: a backup is made in a new or an empty folder only");
        }
      }
    } else {
      Files.createDirectories(folder, mode("rwx------"));
    }
    return new BackupFolder(folder, bytesPerSecond, execution);
  }

  private static FileAttribute<?>[] mode(String mode) {
    return POSIX
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(mode))
        }
        : new FileAttribute<?>[0];
  }

  @Override
  public Path make(String name) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent(), mode("rwx------"));
    Files.createFile(file, mode("rw-------"));
    return file;
  }

  @Override
  public void wrote(long bytes) throws InterruptedException {
    written += bytes;
    if (bytesPerSecond == 0) {
      if (Thread.interrupted()) {
        throw new InterruptedException("the backup was interrupted");
      }
      return;
    }
    double due = (double) written / bytesPerSecond * TimeUnit.SECONDS.toNanos(1);
    long early = (long) due - (execution.nanoTime() - began);
    TimeUnit.NANOSECONDS.sleep(Math.max(0, early));
  }

  @Override
  public void complete(String name) throws IOException {
    Path file = folder.resolve(name);
    sync(file, StandardOpenOption.WRITE);
    Path parent = file.getParent();
    syncFolder(parent == null ? folder : parent);
    Sum sum = Sum.of(file);
    files.add(new Manifest.Entry(name, sum.bytes(), sum.sha256()));
  }

  List<Manifest.Entry> files() {
    return List.copyOf(files);
  }

  /// Makes it a backup.
  void seal(Manifest manifest) throws IOException {
    Path fresh = folder.resolve(Manifest.FILE + ".new");
    Files.createFile(fresh, mode("rw-------"));
    try (FileChannel channel = FileChannel.open(fresh, Set.of(StandardOpenOption.WRITE))) {
      ByteBuffer bytes = UTF_8.encode(manifest.text());
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      channel.force(true);
    }
    Files.move(fresh, folder.resolve(Manifest.FILE), StandardCopyOption.ATOMIC_MOVE);
    syncFolder(folder);
    Path parent = folder.toAbsolutePath().getParent();
    if (parent != null) {
      syncFolder(parent);
    }
  }

  private static void syncFolder(Path folder) throws IOException {
    if (POSIX) {
      sync(folder, StandardOpenOption.READ);
    }
  }

  private static void sync(Path path, StandardOpenOption how) throws IOException {
    try (FileChannel channel = FileChannel.open(path, how)) {
      channel.force(true);
    }
  }
}
