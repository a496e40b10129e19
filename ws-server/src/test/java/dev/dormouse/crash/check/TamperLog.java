package dev.dormouse.crash.check;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Stream;

/// Spoils the logs of queues, to show that the [Checker] finds it. Each method says whether there
/// was anything to spoil.
public final class TamperLog {
  private final Path logs;

  private TamperLog(Path logs) {
    this.logs = logs;
  }

  /// Makes a copy to spoil.
  public static TamperLog copy(Path from, Path to) throws IOException {
    try (Stream<Path> all = Files.walk(from)) {
      for (Path path : all.sorted().toList()) {
        Files.copy(path, to.resolve(from.relativize(path).toString()));
      }
    }
    return new TamperLog(to);
  }

  /// Deletes all segments of a queue's log.
  public boolean delete(String queue) throws IOException {
    return Files.exists(logs.resolve(queue))
        && logs.resolve(queue).toFile().renameTo(logs.resolve(queue + "-gone").toFile());
  }

  /// Makes the last entry incomplete, as a process that dies in the middle of it leaves it.
  public boolean cut(String queue) throws IOException {
    LogFiles.Entry last = last(queue);
    return write(last, last.at(), ByteBuffer.allocate(4));
  }

  /// Changes the last byte of the last entry.
  public boolean damage(String queue) throws IOException {
    LogFiles.Entry last = last(queue);
    return write(last, last.at() + 4 + last.length() - 1, ByteBuffer.wrap(new byte[] {'!'}));
  }

  private LogFiles.Entry last(String queue) throws IOException {
    List<LogFiles.Entry> entries = LogFiles.read(logs.resolve(queue)).entries();
    return entries.getLast();
  }

  private static boolean write(LogFiles.Entry entry, long at, ByteBuffer bytes) throws IOException {
    try (FileChannel file = FileChannel.open(entry.file(), StandardOpenOption.WRITE)) {
      file.write(bytes, at);
      return true;
    }
  }
}
