package dev.dormouse.saga.queue.node;

import java.nio.ByteBuffer;

/// How far a room has come with what it sends to a queue.
///
/// @param sent the number of the last message; they count from 1 and have no gap
/// @param published the number up to which messages are known to be in the log
record Sent(long sent, long published) {
  static final Sent NOTHING = new Sent(0, 0);

  long waiting() {
    return sent - published;
  }

  byte[] bytes() {
    return ByteBuffer.allocate(2 * Long.BYTES).putLong(sent).putLong(published).array();
  }

  static Sent read(byte[] bytes) {
    ByteBuffer in = ByteBuffer.wrap(bytes);
    return new Sent(in.getLong(), in.getLong());
  }
}
