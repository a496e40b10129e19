package dev.dormouse.saga.queue.node;

import dev.dormouse.saga.queue.LogEntry;
import java.util.LinkedHashMap;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/// What a group's room has read from the log and may soon hand out, up to some bytes. Used in the
/// room's turns; only a copy of the log, so that nothing has to be undone.
final class Pages {
  private static final long MOST_BYTES = 8L * 1024 * 1024;

  private final SequencedMap<Long, LogEntry> entries = new LinkedHashMap<>();
  private long bytes;

  @Nullable LogEntry get(long position) {
    return entries.get(position);
  }

  void put(LogEntry entry) {
    remove(entry.position());
    entries.put(entry.position(), entry);
    bytes += size(entry);
    while (bytes > MOST_BYTES && entries.size() > 1) {
      bytes -= size(entries.pollFirstEntry().getValue());
    }
  }

  void remove(long position) {
    LogEntry removed = entries.remove(position);
    if (removed != null) {
      bytes -= size(removed);
    }
  }

  /// The log is not what it was.
  void clear() {
    entries.clear();
    bytes = 0;
  }

  private static long size(LogEntry entry) {
    return 200L + entry.message().payload().length;
  }
}
