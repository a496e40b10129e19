package dev.dormouse.rooms.yjs;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;

/// Reads the primitives of lib0, the encoding under Yjs, from a part of a byte array.
///
/// Whatever the bytes are, a read either advances within the part or throws
/// [MalformedUpdateException]. Not safe for several threads.
final class ByteReader {
  private final byte[] bytes;
  private final int end;
  private int position;

  ByteReader(byte[] bytes) {
    this(bytes, 0, bytes.length);
  }

  /// Reads `bytes` from `start`, inclusive, to `end`, exclusive.
  ByteReader(byte[] bytes, int start, int end) {
    this.bytes = bytes;
    this.position = start;
    this.end = end;
  }

  byte[] bytes() {
    return bytes;
  }

  /// The index in [#bytes] of the next byte.
  int position() {
    return position;
  }

  int remaining() {
    return end - position;
  }

  int u8() throws MalformedUpdateException {
    if (position >= end) {
      throw malformed("ends too early");
    }
    return bytes[position++] & 0xFF;
  }

  /// Base 128, least significant group first, at most 2^53 - 1.
  long varUint() throws MalformedUpdateException {
    int start = position;
    long value = 0;
    for (int shift = 0; shift < 56; shift += 7) {
      int b = u8();
      value |= (b & 0x7FL) << shift;
      if (b < 0x80) {
        if (value > YLimits.MAX_SAFE_INTEGER) {
          throw new MalformedUpdateException("a number above 2^53 - 1: " + value, start);
        }
        return value;
      }
    }
    throw new MalformedUpdateException("a number longer than 8 bytes", start);
  }

  /// Steps over a signed number: the first byte has a sign and 6 bits, the others 7 bits each.
  void skipVarInt() throws MalformedUpdateException {
    int start = position;
    int b = u8();
    long magnitude = b & 0x3F;
    for (int shift = 6; b >= 0x80; shift += 7) {
      if (shift > 48) {
        throw new MalformedUpdateException("a signed number longer than 8 bytes", start);
      }
      b = u8();
      magnitude |= (b & 0x7FL) << shift;
    }
    if (magnitude > YLimits.MAX_SAFE_INTEGER) {
      throw new MalformedUpdateException("a number beyond 2^53 - 1: " + magnitude, start);
    }
  }

  /// Reads how many things of at least `bytesEach` bytes follow; more than fit is refused here, so
  /// that no loop and no array is larger than the input.
  int count(String things, int bytesEach, int limit) throws MalformedUpdateException {
    int start = position;
    long count = varUint();
    if (count > limit) {
      throw new MalformedUpdateException(
          count + " " + things + ", more than the " + limit + " allowed", start);
    }
    if (count > remaining() / bytesEach) {
      throw new MalformedUpdateException(
          count + " " + things + " announced, but " + remaining() + " bytes left", start);
    }
    return (int) count;
  }

  void skip(int length) throws MalformedUpdateException {
    if (length > remaining()) {
      throw malformed("needs " + length + " more bytes, but " + remaining() + " are left");
    }
    position += length;
  }

  /// Enters a length-prefixed part: the returned reader covers it, this one stands behind it.
  ByteReader part() throws MalformedUpdateException {
    int length = count("bytes", 1, Integer.MAX_VALUE);
    int start = position;
    position += length;
    return new ByteReader(bytes, start, position);
  }

  /// A length-prefixed array of bytes, copied.
  byte[] buffer() throws MalformedUpdateException {
    ByteReader part = part();
    return Arrays.copyOfRange(bytes, part.position, part.end);
  }

  /// Steps over a length-prefixed string and returns its length in UTF-16 units.
  int skipString() throws MalformedUpdateException {
    ByteReader text = part();
    return Utf8.units(bytes, text.position, text.end);
  }

  /// A length-prefixed string; a byte order mark is kept, as lib0 keeps it.
  String string() throws MalformedUpdateException {
    ByteReader text = part();
    Utf8.units(bytes, text.position, text.end);
    return new String(bytes, text.position, text.remaining(), UTF_8);
  }

  /// Refuses bytes after the end of what was read.
  void expectEnd() throws MalformedUpdateException {
    if (position != end) {
      throw malformed(remaining() + " bytes too many");
    }
  }

  MalformedUpdateException malformed(String what) {
    return new MalformedUpdateException(what, position);
  }
}
