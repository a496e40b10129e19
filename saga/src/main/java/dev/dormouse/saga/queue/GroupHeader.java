package dev.dormouse.saga.queue;

import java.nio.ByteBuffer;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// The one row about the whole group. A turn has its own and changes it; not shared.
final class GroupHeader {
  private static final int FORMAT = 1;
  private static final int LONGS = 21;

  long position;
  long logEpoch;
  boolean paused;

  /// Unresolved messages before this are purged, though their rows may still be there; 0 if none.
  long purgedTo;

  final Map<MessageState, Long> counts = new EnumMap<>(MessageState.class);
  long letters;

  /// Makes lease ids that nobody can guess.
  long secretHigh;

  long secretLow;
  long taken;
  long duplicates;
  long leases;
  long acked;

  /// How often a message was handed out again.
  long again;

  long lost;

  /// How many were given up in the turn at hand; not stored.
  long died;

  /// Remembered keys: the first block that is stored, how many were ever added, and a fingerprint
  /// of them in order.
  long seenFirst;

  long seen;

  long seenMark;

  /// Where the search for messages that are too old goes on, and when.
  long ageCursor;

  long ageNext;

  private GroupHeader() {
    for (MessageState state : MessageState.values()) {
      counts.put(state, 0L);
    }
  }

  static GroupHeader load(byte @Nullable [] row, LongSupplier random) {
    GroupHeader header = new GroupHeader();
    if (row == null) {
      header.secretHigh = random.getAsLong();
      header.secretLow = random.getAsLong();
    } else {
      header.decode(ByteBuffer.wrap(row));
    }
    return header;
  }

  long count(MessageState state) {
    return counts.getOrDefault(state, 0L);
  }

  void add(MessageState state, int number) {
    counts.merge(state, (long) number, Long::sum);
  }

  long unresolved() {
    return count(MessageState.READY) + count(MessageState.DELAYED) + count(MessageState.LEASED);
  }

  byte[] encode() {
    ByteBuffer out = ByteBuffer.allocate(2 + LONGS * Long.BYTES);
    out.put((byte) FORMAT).put((byte) (paused ? 1 : 0));
    out.putLong(position).putLong(logEpoch).putLong(purgedTo);
    out.putLong(count(MessageState.READY)).putLong(count(MessageState.DELAYED));
    out.putLong(count(MessageState.LEASED)).putLong(count(MessageState.DEAD));
    out.putLong(letters).putLong(secretHigh).putLong(secretLow);
    out.putLong(taken).putLong(duplicates).putLong(leases).putLong(acked).putLong(lost);
    out.putLong(seenFirst).putLong(seen).putLong(seenMark).putLong(ageCursor).putLong(ageNext);
    out.putLong(again);
    return out.array();
  }

  private void decode(ByteBuffer in) {
    int format = in.get();
    if (format != FORMAT) {
      throw new IllegalStateException("a group's header has format " + format);
    }
    paused = in.get() != 0;
    position = in.getLong();
    logEpoch = in.getLong();
    purgedTo = in.getLong();
    counts.put(MessageState.READY, in.getLong());
    counts.put(MessageState.DELAYED, in.getLong());
    counts.put(MessageState.LEASED, in.getLong());
    counts.put(MessageState.DEAD, in.getLong());
    letters = in.getLong();
    secretHigh = in.getLong();
    secretLow = in.getLong();
    taken = in.getLong();
    duplicates = in.getLong();
    leases = in.getLong();
    acked = in.getLong();
    lost = in.getLong();
    seenFirst = in.getLong();
    seen = in.getLong();
    seenMark = in.getLong();
    ageCursor = in.getLong();
    ageNext = in.getLong();
    again = in.getLong();
  }
}
