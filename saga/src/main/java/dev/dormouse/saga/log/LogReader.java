package dev.dormouse.saga.log;

import dev.dormouse.room.spi.Execution;
import dev.dormouse.saga.queue.LogEntry;
import dev.dormouse.saga.queue.LogPage;
import dev.dormouse.saga.queue.QueueLog;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// Reads what is durable, across segments, and deletes old segments. Belongs to the log's reading
/// thread.
final class LogReader {
  /// A page ends with the entry that reaches this.
  private static final long PAGE_BYTES = 4L * 1024 * 1024;

  /// About what an entry takes beside its payload.
  private static final int HEADER_BYTES = 200;

  private final LogFolder folder;
  private final LogSettings settings;
  private final Execution execution;
  private final LongSupplier end;
  private @Nullable SegmentReader open;

  LogReader(LogFolder folder, LogSettings settings, Execution execution, LongSupplier end) {
    this.folder = folder;
    this.settings = settings;
    this.execution = execution;
    this.end = end;
  }

  LogPage read(long from, int limit) throws IOException {
    long until = end.getAsLong();
    Map.Entry<Long, Path> oldest = folder.segments().firstEntry();
    long begin = oldest == null ? from : Math.max(from, oldest.getKey());
    List<LogEntry> entries = new ArrayList<>();
    List<Long> damaged = new ArrayList<>();
    long position = begin;
    long bytes = 0;
    while (position < until && position - begin < limit && bytes < PAGE_BYTES) {
      LogEntry entry = segmentOf(position).read(position);
      if (entry == null) {
        damaged.add(position);
      } else {
        entries.add(entry);
        bytes += entry.message().payload().length;
      }
      position++;
    }
    return new LogPage(begin, entries, position, damaged);
  }

  private SegmentReader segmentOf(long position) {
    Map.Entry<Long, Path> segment = folder.segments().floorEntry(position);
    if (segment == null) {
      throw new IllegalStateException("no segment of " + folder + " holds entry " + position);
    }
    SegmentReader present = open;
    if (present != null && present.base() == segment.getKey()) {
      return present;
    }
    close();
    present = SegmentReader.open(segment.getKey(), segment.getValue(), settings);
    open = present;
    return present;
  }

  List<QueueLog.LogFile> files() throws IOException {
    List<QueueLog.LogFile> files = new ArrayList<>();
    for (long base : folder.segments().keySet()) {
      Long known = folder.bytes().get(base);
      if (known == null) {
        known = count(base);
        folder.bytes().putIfAbsent(base, known);
      }
      files.add(new QueueLog.LogFile(base, known));
    }
    return files;
  }

  /// Of a segment that another process has written.
  private long count(long base) throws IOException {
    Long next = folder.segments().higherKey(base);
    long until = next == null ? end.getAsLong() : next;
    long bytes = 0;
    for (long position = base; position < until; position++) {
      LogEntry entry = segmentOf(position).read(position);
      if (entry != null) {
        bytes += HEADER_BYTES + entry.message().payload().length;
      }
    }
    return bytes;
  }

  int delete(long position, Instant olderThan) throws IOException {
    int deleted = 0;
    while (true) {
      Map.Entry<Long, Path> oldest = folder.segments().firstEntry();
      Long next = oldest == null ? null : folder.segments().higherKey(oldest.getKey());
      if (oldest == null || next == null || next > position || !isOlder(next, olderThan)) {
        return deleted;
      }
      if (open != null && open.base() == oldest.getKey()) {
        close();
      }
      Path left = folder.unname(oldest.getKey());
      execution.failpoint(LogFailpoints.IN_DELETE);
      LogFolder.erase(left);
      deleted++;
    }
  }

  /// What lies before an entry is older than it.
  private boolean isOlder(long next, Instant olderThan) throws IOException {
    LogPage page = read(next, 1);
    return !page.entries().isEmpty()
        && page.entries().getFirst().appendedAt() < olderThan.toEpochMilli();
  }

  void close() {
    if (open != null) {
      open.close();
      open = null;
    }
  }
}
