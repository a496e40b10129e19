package dev.dormouse.rooms.yjs;

/// Takes the content of an item apart, from left to right: text by UTF-16 units, lists by elements.
///
/// Only for the kinds that can be longer than one clock, and for items that were checked.
final class ContentPieces {
  /// What JavaScript writes for half a surrogate pair: U+FFFD.
  private static final byte[] REPLACEMENT = {(byte) 0xEF, (byte) 0xBF, (byte) 0xBD};

  private final int kind;

  /// Stands at the next element or, in a text, the next character.
  private final ByteReader in;

  /// Whether the next unit is the second half of a pair whose bytes are already passed.
  private boolean insidePair;

  ContentPieces(Struct.Item item) {
    this.kind = item.kind();
    this.in = item.content();
    try {
      in.varUint(); // the length of a text in bytes, of a list in elements, of a deletion in clocks
    } catch (MalformedUpdateException e) {
      throw changed(e);
    }
  }

  /// Writes the bytes of the text or the elements of `item`, without the length in front of them.
  static void elements(Struct.Item item, ByteWriter out) {
    ByteReader in = new ContentPieces(item).in;
    out.raw(in.bytes(), in.position(), in.position() + in.remaining());
  }

  /// Passes the next `units` clocks.
  void skip(long units) {
    try {
      advance(units);
    } catch (MalformedUpdateException e) {
      throw changed(e);
    }
  }

  /// Writes the content of the next `units` clocks as content of its own. Where a pair is cut in
  /// two, U+FFFD stands on both sides, as Yjs does it.
  void write(long units, ByteWriter out) {
    int start = in.position();
    boolean startsInside = insidePair;
    try {
      int end = advance(units);
      switch (kind) {
        case Content.STRING -> {
          int halves = (startsInside ? 1 : 0) + (insidePair ? 1 : 0);
          out.varUint(end - start + (long) halves * REPLACEMENT.length);
          if (startsInside) {
            out.raw(REPLACEMENT, 0, REPLACEMENT.length);
          }
          out.raw(in.bytes(), start, end);
          if (insidePair) {
            out.raw(REPLACEMENT, 0, REPLACEMENT.length);
          }
        }
        case Content.JSON_LIST, Content.ANY_LIST -> out.varUint(units).raw(in.bytes(), start, end);
        case Content.DELETED -> out.varUint(units);
        default -> throw new IllegalStateException("content of kind " + kind + " is never cut");
      }
    } catch (MalformedUpdateException e) {
      throw changed(e);
    }
  }

  /// Passes the next `units` clocks and returns where their last whole character or element ends.
  private int advance(long units) throws MalformedUpdateException {
    switch (kind) {
      case Content.STRING -> {
        return advanceText(units);
      }
      case Content.JSON_LIST -> {
        for (long i = 0; i < units; i++) {
          in.skipString();
        }
      }
      case Content.ANY_LIST -> {
        for (long i = 0; i < units; i++) {
          AnyValue.skip(in, StructReader.ALREADY_CHECKED);
        }
      }
      default -> {} // nothing is stored for each clock
    }
    return in.position();
  }

  private int advanceText(long units) throws MalformedUpdateException {
    long left = insidePair ? units - 1 : units;
    insidePair = false;
    while (left > 0) {
      int length = Utf8.lengthAt(in.bytes()[in.position()]);
      int before = in.position();
      in.skip(length);
      left -= length == 4 ? 2 : 1;
      if (left < 0) {
        insidePair = true;
        return before;
      }
    }
    return in.position();
  }

  private static IllegalStateException changed(MalformedUpdateException e) {
    return new IllegalStateException("a checked item reads differently the second time", e);
  }
}
