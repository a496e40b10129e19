package dev.dormouse.saga.log;

import dev.dormouse.saga.queue.LogException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.regex.Pattern;

/// What lies where in a log's folder, and who may use it.
///
/// | file | holds |
/// |---|---|
/// | `lock` | locked while a process has the log open |
/// | `0000000000000001234/` | a segment: a Chronicle queue of one file, whose entries are numbered from 1234 on |
/// | `0000000000000001234.deleted/` | a segment whose deletion was cut short; nobody reads it |
///
/// Each opening of the log begins a segment of its own. The file that a killed process or a power
/// loss left behind is never written again, so whatever state its end is in cannot get in the way
/// of new entries.
final class LogFolder implements AutoCloseable {
  /// Chronicle's notes on a queue: locks of processes that may be dead, a listing. All of it can be
  /// made anew.
  private static final String NOTES = "metadata.cq4t";

  private static final String DELETED = ".deleted";
  private static final Pattern SEGMENT = Pattern.compile("\\d{19}");
  private static final Pattern LEFT = Pattern.compile("\\d{19}\\.deleted");

  private final Path folder;
  private final FileChannel lock;

  /// Segments by the position of their first entry. The writer adds, the reader removes.
  private final ConcurrentSkipListMap<Long, Path> segments = new ConcurrentSkipListMap<>();

  /// How many bytes the entries of a segment take, as far as that is known.
  private final ConcurrentHashMap<Long, Long> bytes = new ConcurrentHashMap<>();

  private LogFolder(Path folder, FileChannel lock) {
    this.folder = folder;
    this.lock = lock;
  }

  /// Makes the folder if it is not there, locks it and clears what deletions left.
  static LogFolder open(Path path) throws IOException {
    Path folder = path.toAbsolutePath().normalize();
    Files.createDirectories(folder);
    LogFolder opened = new LogFolder(folder, lock(folder));
    try {
      opened.list();
      return opened;
    } catch (IOException | RuntimeException e) {
      try {
        opened.close();
      } catch (IOException second) {
        e.addSuppressed(second);
      }
      throw e;
    }
  }

  private static FileChannel lock(Path folder) throws IOException {
    FileChannel channel =
        FileChannel.open(
            folder.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    boolean locked = false;
    try {
      locked = channel.tryLock() != null;
    } catch (OverlappingFileLockException thisProcess) {
      // The same answer as for another process.
    } finally {
      if (!locked) {
        channel.close();
      }
    }
    if (!locked) {
      throw new LogException(
          LogException.Reason.UNUSABLE,
          "the log " + folder + " is open already, in this process or in another",
          null);
    }
    return channel;
  }

  private void list() throws IOException {
    try (DirectoryStream<Path> found = Files.newDirectoryStream(folder)) {
      for (Path path : found) {
        String name = path.getFileName().toString();
        if (SEGMENT.matcher(name).matches()) {
          Files.deleteIfExists(path.resolve(NOTES));
          segments.put(Long.valueOf(name), path);
        } else if (LEFT.matcher(name).matches()) {
          erase(path);
        }
      }
    }
  }

  ConcurrentSkipListMap<Long, Path> segments() {
    return segments;
  }

  ConcurrentHashMap<Long, Long> bytes() {
    return bytes;
  }

  /// Makes the folder of a segment that begins at `base`; its name is durable after [#syncNames].
  Path make(long base) throws IOException {
    Path segment = folder.resolve("%019d".formatted(base));
    Files.createDirectory(segment);
    bytes.put(base, 0L);
    segments.put(base, segment);
    return segment;
  }

  void syncNames(Path segment) throws IOException {
    sync(segment);
    sync(folder);
  }

  /// Takes the name away, durably; the contents stay until [#erase].
  Path unname(long base) throws IOException {
    Path segment = segments.get(base);
    if (segment == null) {
      throw new IllegalStateException("no segment begins at " + base);
    }
    Path left = segment.resolveSibling(segment.getFileName() + DELETED);
    Files.move(segment, left, StandardCopyOption.ATOMIC_MOVE);
    segments.remove(base);
    bytes.remove(base);
    sync(folder);
    return left;
  }

  static void erase(Path segment) throws IOException {
    List<Path> contents = new ArrayList<>();
    try (DirectoryStream<Path> found = Files.newDirectoryStream(segment)) {
      found.forEach(contents::add);
    }
    for (Path file : contents) {
      Files.delete(file);
    }
    Files.delete(segment);
  }

  long freeBytes() throws IOException {
    return Files.getFileStore(folder).getUsableSpace();
  }

  private static void sync(Path folder) throws IOException {
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  @Override
  public String toString() {
    return folder.toString();
  }

  @Override
  public void close() throws IOException {
    lock.close();
  }
}
