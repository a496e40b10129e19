package dev.dormouse.saga.log;

import dev.dormouse.room.spi.BackupPart;
import dev.dormouse.saga.queue.LogEntry;
import dev.dormouse.saga.queue.LogPage;
import dev.dormouse.saga.queue.QueueLog;
import java.io.BufferedOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;
import java.util.stream.Stream;

/// The queues' logs in a backup: for each queue one file with the entries that were durable at the
/// moment, [LogFile]. Chronicle's own files are mapped, sparse and still being written at their
/// end; what is copied are entries.
///
/// Nothing need be held back: an entry that was there at the moment was sent by a turn that was
/// durable before, and whatever a group had read then was there.
///
/// @param logs where they lie
/// @param users whoever has some of them open
public record LogBackup(ChronicleLogs logs, Users users) implements BackupPart {
  /// Where the files lie in a backup, one for each queue.
  public static final String FOLDER = "queues/";

  private static final int PAGE = 1_000;

  /// Whoever uses the logs while they are copied.
  ///
  /// @param keep keeps all entries that are there; gives what ends that
  /// @param open the logs that are open, by their queues' names, those included that might be
  ///   opened later
  public record Users(Supplier<Runnable> keep, Opened open) {}

  /// Opens what has to be opened.
  public interface Opened {
    Map<String, QueueLog> logs() throws IOException;
  }

  /// Nobody: for a data folder on which no server runs.
  public static Users nobody() {
    return new Users(() -> () -> {}, Map::of);
  }

  @Override
  public Hold hold() throws IOException {
    Runnable free = users.keep.get();
    try {
      // Opens what has to be opened before anybody else is held.
      users.open.logs();
      return new Held(free);
    } catch (IOException | RuntimeException | Error e) {
      free.run();
      throw e;
    }
  }

  /// For the thread that makes the backup.
  private final class Held implements Hold {
    private final Runnable free;
    private boolean pinned;

    Held(Runnable free) {
      this.free = free;
    }

    @Override
    public Pinned pin() throws IOException {
      Map<String, QueueLog> open = users.open.logs();
      Map<String, Long> ends = new TreeMap<>();
      open.forEach((queue, log) -> ends.put(queue, log.end()));
      Pinned moment = new Moment(logs, open, ends, others(open), free);
      pinned = true;
      return moment;
    }

    @Override
    public long nanos() {
      return 0;
    }

    /// Once pinned, everything is kept until the copy is made.
    @Override
    public void close() {
      if (!pinned) {
        free.run();
      }
    }
  }

  /// Logs that nobody has open, by their names: queues that are not declared any more.
  private Map<String, Path> others(Map<String, QueueLog> open) throws IOException {
    Map<String, Path> others = new TreeMap<>();
    if (Files.isDirectory(logs.folder())) {
      try (Stream<Path> folders = Files.list(logs.folder())) {
        folders
            .filter(each -> Files.isDirectory(each) && !open.containsKey(name(each)))
            .forEach(each -> others.put(name(each), each));
      }
    }
    return others;
  }

  private static String name(Path folder) {
    return folder.getFileName().toString();
  }

  private record Moment(
      ChronicleLogs logs,
      Map<String, QueueLog> open,
      Map<String, Long> ends,
      Map<String, Path> others,
      Runnable free)
      implements Pinned {

    @Override
    public void copy(Target target) throws IOException, InterruptedException {
      for (Map.Entry<String, Long> each : ends.entrySet()) {
        QueueLog log = open.get(each.getKey());
        if (log != null) {
          copy(each.getKey(), log, each.getValue(), target);
        }
      }
      for (String queue : others.keySet()) {
        try (QueueLog log = logs.open(queue)) {
          copy(queue, log, log.end(), target);
        }
      }
    }

    private static void copy(String queue, QueueLog log, long end, Target target)
        throws IOException, InterruptedException {
      String name = FOLDER + queue + LogFile.SUFFIX;
      Path to = target.make(name);
      try (DataOutputStream out =
          new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(to)))) {
        LogFile.begin(out, end);
        long position = log.first();
        while (position < end) {
          LogPage page = page(log, position, (int) Math.min(PAGE, end - position));
          long before = out.size();
          for (LogEntry entry : page.entries()) {
            if (entry.position() < end) {
              LogFile.add(out, entry);
            }
          }
          target.wrote(Math.max(0, out.size() - before));
          position = Math.max(page.next(), position + 1);
        }
        LogFile.end(out);
      }
      target.complete(name);
    }

    private static LogPage page(QueueLog log, long from, int limit)
        throws IOException, InterruptedException {
      try {
        return log.read(from, limit).get();
      } catch (ExecutionException e) {
        throw new IOException("a queue's log cannot be read: " + e.getCause(), e);
      }
    }

    @Override
    public void close() {
      free.run();
    }
  }
}
