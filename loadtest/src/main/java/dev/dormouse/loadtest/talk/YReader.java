package dev.dormouse.loadtest.talk;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Reads updates of documents in which nobody does anything but type: anything else in one is a
/// mistake of the server's, or a document that was not ours alone.
final class YReader {
  static final int STRING = 4;
  static final int HAS_ORIGIN = 0x80;
  private static final int HAS_RIGHT_ORIGIN = 0x40;

  private final byte[] bytes;
  private int at;

  YReader(byte[] bytes) {
    this.bytes = bytes;
  }

  /// A stretch that somebody typed.
  ///
  /// @param clock how much `client` typed before
  record Typed(long client, long clock, String text) {
    long end() {
      return clock + text.length();
    }
  }

  /// @throws IllegalArgumentException if it is not an update, or deletes, or holds more than text
  static List<Typed> update(byte[] update) {
    YReader in = new YReader(update);
    List<Typed> typed = new ArrayList<>();
    for (long blocks = in.varUint(); blocks > 0; blocks--) {
      long structs = in.varUint();
      long client = in.varUint();
      long clock = in.varUint();
      for (; structs > 0; structs--) {
        Typed one = new Typed(client, clock, in.text());
        typed.add(one);
        clock = one.end();
      }
    }
    if (in.varUint() != 0 || !in.isAtEnd()) {
      throw new IllegalArgumentException("an update that deletes, or does not end");
    }
    return typed;
  }

  private String text() {
    int info = next();
    if ((info & 0x1f) != STRING) {
      throw new IllegalArgumentException("an update with something other than text: " + info);
    }
    if ((info & HAS_ORIGIN) != 0) {
      varUint();
      varUint();
    }
    if ((info & HAS_RIGHT_ORIGIN) != 0) {
      varUint();
      varUint();
    }
    if ((info & (HAS_ORIGIN | HAS_RIGHT_ORIGIN)) == 0) {
      if (varUint() != 1) {
        throw new IllegalArgumentException("an update of something nested");
      }
      string();
    }
    return string();
  }

  long varUint() {
    long value = 0;
    for (int shift = 0; shift < 56; shift += 7) {
      int next = next();
      value |= (long) (next & 0x7f) << shift;
      if (next < 0x80) {
        return value;
      }
    }
    throw new IllegalArgumentException("a number that does not end");
  }

  String string() {
    return new String(part(), StandardCharsets.UTF_8);
  }

  byte[] part() {
    long length = varUint();
    if (length > bytes.length - at) {
      throw new IllegalArgumentException("a part of " + length + " bytes where fewer are left");
    }
    byte[] part = Arrays.copyOfRange(bytes, at, at + (int) length);
    at += (int) length;
    return part;
  }

  boolean isAtEnd() {
    return at == bytes.length;
  }

  private int next() {
    if (isAtEnd()) {
      throw new IllegalArgumentException("an update that breaks off");
    }
    return bytes[at++] & 0xff;
  }
}
