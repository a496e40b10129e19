package dev.dormouse.saga.facility;

import dev.dormouse.room.spi.FacilityRoom;
import java.nio.ByteBuffer;

/// How many sagas of a room are open, and how many of its letters wait: counted in a row, in the
/// write set of what is counted.
final class Tally {
  private static final String KEY = "tally";
  private static final byte FORMAT = 1;

  private final FacilityRoom room;

  Tally(FacilityRoom room) {
    this.room = room;
  }

  long open() {
    return read()[0];
  }

  long letters() {
    return read()[1];
  }

  void open(long more) {
    var _ = add(0, more);
  }

  /// @return how many there are now
  long letters(long more) {
    return add(1, more);
  }

  private long add(int which, long more) {
    long[] counts = read();
    counts[which] += more;
    if (counts[0] == 0 && counts[1] == 0) {
      room.delete(KEY);
    } else {
      room.put(
          KEY, ByteBuffer.allocate(17).put(FORMAT).putLong(counts[0]).putLong(counts[1]).array());
    }
    return counts[which];
  }

  private long[] read() {
    long[] counts = new long[2];
    room.get(KEY)
        .map(ByteBuffer::wrap)
        .ifPresent(bytes -> {
          byte format = bytes.get();
          if (format != FORMAT) {
            throw new IllegalArgumentException("a tally has the unknown format " + format);
          }
          counts[0] = bytes.getLong();
          counts[1] = bytes.getLong();
        });
    return counts;
  }
}
