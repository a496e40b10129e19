package dev.dormouse.rooms.yjs;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;

/// Writes the primitives of lib0 into an array that grows. Not safe for several threads.
final class ByteWriter {
  private byte[] bytes;
  private int size;

  ByteWriter(int capacity) {
    this.bytes = new byte[Math.max(16, capacity)];
  }

  int size() {
    return size;
  }

  /// The bytes written so far, copied.
  byte[] toBytes() {
    return Arrays.copyOf(bytes, size);
  }

  ByteWriter u8(int value) {
    room(1);
    bytes[size++] = (byte) value;
    return this;
  }

  ByteWriter varUint(long value) {
    room(9);
    long rest = value;
    while (rest > 0x7F) {
      bytes[size++] = (byte) (rest | 0x80);
      rest >>>= 7;
    }
    bytes[size++] = (byte) rest;
    return this;
  }

  /// The bytes of `source` from `start`, inclusive, to `end`, exclusive.
  ByteWriter raw(byte[] source, int start, int end) {
    room(end - start);
    System.arraycopy(source, start, bytes, size, end - start);
    size += end - start;
    return this;
  }

  /// What `other` wrote at `start`, inclusive, to `end`, exclusive.
  ByteWriter raw(ByteWriter other, int start, int end) {
    return raw(other.bytes, start, end);
  }

  /// The length of `source`, then `source`.
  ByteWriter buffer(byte[] source) {
    return varUint(source.length).raw(source, 0, source.length);
  }

  /// A string that came out of [ByteReader#string] or is known to be well-formed UTF-16.
  ByteWriter string(String text) {
    return buffer(text.getBytes(UTF_8));
  }

  private void room(int more) {
    if (bytes.length - size < more) {
      int needed = Math.addExact(size, more);
      long doubled = Math.min(Integer.MAX_VALUE - 16L, bytes.length * 2L);
      bytes = Arrays.copyOf(bytes, (int) Math.max(needed, doubled));
    }
  }
}
