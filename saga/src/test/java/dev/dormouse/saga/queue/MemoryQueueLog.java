package dev.dormouse.saga.queue;

import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/// A log in memory, for tests: what is appended is durable at once.
public final class MemoryQueueLog implements QueueLog {
  private final Disk disk;
  private final InstantSource clock;
  private final int messageBytes;
  private boolean closed;

  public MemoryQueueLog(Disk disk, InstantSource clock, int messageBytes) {
    this.disk = disk;
    this.clock = clock;
    this.messageBytes = messageBytes;
  }

  @Override
  public synchronized CompletableFuture<Long> append(List<QueueMessage> batch) {
    if (closed) {
      return closed();
    }
    for (QueueMessage message : batch) {
      if (message.payload().length > messageBytes) {
        return CompletableFuture.failedFuture(
            new LogException(LogException.Reason.TOO_LARGE, message.key(), null));
      }
    }
    return CompletableFuture.completedFuture(disk.append(batch, clock.instant().toEpochMilli()));
  }

  @Override
  public synchronized CompletableFuture<LogPage> read(long from, int limit) {
    return closed ? closed() : CompletableFuture.completedFuture(disk.read(from, limit));
  }

  @Override
  public long first() {
    return disk.first();
  }

  @Override
  public long end() {
    return disk.end();
  }

  @Override
  public synchronized CompletableFuture<Integer> delete(long position, Instant olderThan) {
    return closed
        ? closed()
        : CompletableFuture.completedFuture(disk.delete(position, olderThan.toEpochMilli()));
  }

  @Override
  public synchronized CompletableFuture<List<LogFile>> files() {
    return closed ? closed() : CompletableFuture.completedFuture(disk.files());
  }

  @Override
  public synchronized void close() {
    closed = true;
  }

  private static <T> CompletableFuture<T> closed() {
    return CompletableFuture.failedFuture(
        new LogException(LogException.Reason.CLOSED, "closed", null));
  }

  /// What outlives the log: files of one batch each. Guarded by itself.
  public static final class Disk {
    private final List<LogEntry> entries = new ArrayList<>();
    private final List<Long> files = new ArrayList<>();
    private long first;
    private long end;

    private synchronized long append(List<QueueMessage> batch, long now) {
      if (!batch.isEmpty()) {
        files.add(end);
      }
      long position = end;
      for (QueueMessage message : batch) {
        entries.add(new LogEntry(end++, now, message));
      }
      return position;
    }

    private synchronized LogPage read(long from, int limit) {
      long begin = Math.max(from, first);
      List<LogEntry> found = new ArrayList<>();
      long next = begin;
      while (next < end && found.size() < limit) {
        found.add(entries.get((int) (next++ - first)));
      }
      return new LogPage(begin, found, next, List.of());
    }

    private synchronized long first() {
      return first;
    }

    /// Behind the last entry.
    public synchronized long end() {
      return end;
    }

    /// Whether nothing was ever deleted.
    public synchronized boolean isWhole() {
      return first == 0;
    }

    private synchronized int delete(long position, long olderThan) {
      int deleted = 0;
      while (files.size() > 1
          && files.get(1) <= position
          && entries.get((int) (files.get(1) - first)).appendedAt() < olderThan) {
        files.removeFirst();
        entries.subList(0, (int) (files.getFirst() - first)).clear();
        first = files.getFirst();
        deleted++;
      }
      return deleted;
    }

    private synchronized List<LogFile> files() {
      List<LogFile> all = new ArrayList<>();
      for (int i = 0; i < files.size(); i++) {
        long from = files.get(i);
        long until = i + 1 < files.size() ? files.get(i + 1) : end;
        long bytes = 0;
        for (long position = from; position < until; position++) {
          bytes += entries.get((int) (position - first)).message().payload().length;
        }
        all.add(new LogFile(from, bytes));
      }
      return all;
    }

    /// Loses all from `position` on, which must begin a batch.
    public synchronized void loseFrom(long position) {
      entries.removeIf(entry -> entry.position() >= position);
      files.removeIf(base -> base >= position);
      end = Math.min(end, position);
    }
  }
}
