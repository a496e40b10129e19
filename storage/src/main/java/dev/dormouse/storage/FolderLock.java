package dev.dormouse.storage;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// One process at a time in a data folder: an operating system's lock on the file `lock`, which
/// also holds the owner's process id for people and for the second one's error message (S5).
///
/// The lock goes with the process, however it ends; a process id left behind by a crash means
/// nothing.
final class FolderLock implements AutoCloseable {
  static final String FILE = "lock";

  /// The folders that this process holds. Asked first, because a POSIX lock is lost as soon as
  /// *any* descriptor of its file is closed: a second attempt must not even open the file.
  private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

  private final Path folder;
  private final FileChannel channel;

  private FolderLock(Path folder, FileChannel channel) {
    this.folder = folder;
    this.channel = channel;
  }

  /// @param folder an existing folder
  /// @throws DataFolderException if another process, or this one, holds the lock; names its pid
  static FolderLock take(Path folder) throws IOException {
    Path real = folder.toRealPath();
    if (!HELD.add(real)) {
      throw inUse(folder, "process " + ProcessHandle.current().pid() + " (this one)");
    }
    FileChannel channel = null;
    boolean taken = false;
    try {
      channel =
          FileChannel.open(
              real.resolve(FILE),
              Set.of(StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE),
              OwnerOnly.file());
      FileLock lock = channel.tryLock();
      if (lock == null) {
        throw inUse(folder, owner(channel));
      }
      write(channel, ProcessHandle.current().pid() + "\n");
      taken = true;
      return new FolderLock(real, channel);
    } finally {
      if (!taken) {
        HELD.remove(real);
        closeIfOpen(channel);
      }
    }
  }

  /// Who holds the lock of a folder, in words; empty if nobody does. Leaves no trace.
  static Optional<String> user(Path folder) throws IOException {
    Path file = folder.resolve(FILE);
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    if (HELD.contains(folder.toRealPath())) {
      return Optional.of("process " + ProcessHandle.current().pid());
    }
    try (FileChannel channel =
            FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
        FileLock lock = channel.tryLock()) {
      return lock == null ? Optional.of(owner(channel)) : Optional.empty();
    }
  }

  private static void closeIfOpen(@Nullable FileChannel channel) throws IOException {
    if (channel != null) {
      channel.close();
    }
  }

  private static DataFolderException inUse(Path folder, String owner) {
    return new DataFolderException(
        "the data folder "
            + folder.toAbsolutePath()
            + " is in use by "
            + owner
            + ": stop that server first, or start this one with another data folder");
  }

  private static String owner(FileChannel channel) throws IOException {
    ByteBuffer text = ByteBuffer.allocate(32);
    channel.read(text, 0);
    String pid = US_ASCII.decode(text.flip()).toString().strip();
    return pid.isEmpty() ? "another process" : "process " + pid;
  }

  private static void write(FileChannel channel, String text) throws IOException {
    channel.truncate(0);
    channel.write(US_ASCII.encode(text), 0);
    channel.force(true);
  }

  @Override
  public void close() throws IOException {
    try (channel) {
      channel.truncate(0);
    } finally {
      HELD.remove(folder);
    }
  }
}
