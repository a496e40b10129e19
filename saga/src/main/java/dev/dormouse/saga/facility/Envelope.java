package dev.dormouse.saga.facility;

import java.nio.ByteBuffer;

/// A letter on its way, or only word of what has been taken.
///
/// @param number the letter's in its lane; 0 if there is none, -1 if it has none
/// @param taken the number of the last letter that its sender has taken from its receiver
/// @param first the number of the first letter that its sender still keeps for its receiver, or 0
///   if that is not said
/// @param letter empty if there is none
record Envelope(long number, long taken, long first, byte[] letter) {
  private static final long NOTE = -1;

  static Envelope receipt(long taken) {
    return new Envelope(0, taken, 0, new byte[0]);
  }

  /// Word from the process itself to a room, in no lane.
  static Envelope note(byte[] letter) {
    return new Envelope(NOTE, 0, 0, letter);
  }

  boolean isNote() {
    return number == NOTE;
  }

  byte[] bytes() {
    return ByteBuffer.allocate(24 + letter.length)
        .putLong(number)
        .putLong(taken)
        .putLong(first)
        .put(letter)
        .array();
  }

  static Envelope read(byte[] bytes) {
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    long number = buffer.getLong();
    long taken = buffer.getLong();
    long first = buffer.getLong();
    byte[] letter = new byte[buffer.remaining()];
    buffer.get(letter);
    return new Envelope(number, taken, first, letter);
  }
}
