package dev.dormouse.rooms.yjs;

/// The `any` encoding of lib0: one tag byte, then the value. Values are stepped over and copied,
/// never built, so that their exact spelling survives.
final class AnyValue {
  static final int OBJECT = 118;

  private AnyValue() {}

  /// Steps over one value and refuses what lib0 could not read.
  static void skip(ByteReader in, YLimits limits) throws MalformedUpdateException {
    skip(in, limits.nesting());
  }

  private static void skip(ByteReader in, int nesting) throws MalformedUpdateException {
    int tag = in.u8();
    switch (tag) {
      case 127, 126, 121, 120 -> {} // undefined, null, false, true
      case 125 -> in.skipVarInt();
      case 124 -> in.skip(4);
      case 123, 122 -> in.skip(8);
      case 119 -> in.skipString();
      case OBJECT -> {
        int entries = in.count("entries", 2, Integer.MAX_VALUE);
        deeper(in, nesting);
        for (int i = 0; i < entries; i++) {
          in.skipString();
          skip(in, nesting - 1);
        }
      }
      case 117 -> {
        int elements = in.count("elements", 1, Integer.MAX_VALUE);
        deeper(in, nesting);
        for (int i = 0; i < elements; i++) {
          skip(in, nesting - 1);
        }
      }
      case 116 -> in.part();
      default ->
          throw new MalformedUpdateException("an unknown value tag " + tag, in.position() - 1);
    }
  }

  private static void deeper(ByteReader in, int nesting) throws MalformedUpdateException {
    if (nesting == 0) {
      throw in.malformed("values nested too deeply");
    }
  }
}
