package dev.dormouse.rooms.yjs;

/// What an item holds, by the kind in its first byte.
final class Content {
  static final int DELETED = 1;
  static final int JSON_LIST = 2;
  static final int BINARY = 3;
  static final int STRING = 4;
  static final int EMBED = 5;
  static final int FORMAT = 6;
  static final int TYPE = 7;
  static final int ANY_LIST = 8;
  static final int DOCUMENT = 9;

  private static final int XML_ELEMENT = 3;
  private static final int XML_HOOK = 5;
  private static final int LAST_TYPE = 6;

  private Content() {}

  /// Whether content of `kind` can be longer than one clock, and so be cut and joined.
  static boolean canBeLong(int kind) {
    return kind == DELETED || kind == JSON_LIST || kind == STRING || kind == ANY_LIST;
  }

  /// Steps over the content of an item of `kind` and returns its length in clocks.
  static long skip(int kind, ByteReader in, YLimits limits) throws MalformedUpdateException {
    return switch (kind) {
      case DELETED -> in.varUint();
      case JSON_LIST -> {
        int count = in.count("list elements", 1, Integer.MAX_VALUE);
        for (int i = 0; i < count; i++) {
          JsonText.skipOrUndefined(in, limits);
        }
        yield count;
      }
      case BINARY -> {
        in.part();
        yield 1;
      }
      case STRING -> in.skipString();
      case EMBED -> {
        JsonText.skip(in, limits);
        yield 1;
      }
      case FORMAT -> {
        in.skipString();
        JsonText.skip(in, limits);
        yield 1;
      }
      case TYPE -> {
        skipType(in);
        yield 1;
      }
      case ANY_LIST -> {
        int count = in.count("list elements", 1, Integer.MAX_VALUE);
        for (int i = 0; i < count; i++) {
          AnyValue.skip(in, limits);
        }
        yield count;
      }
      case DOCUMENT -> {
        in.skipString();
        skipDocumentOptions(in, limits);
        yield 1;
      }
      // Its length is unknown, so nothing behind it could be read.
      default -> throw in.malformed("an unknown kind of content " + kind);
    };
  }

  private static void skipType(ByteReader in) throws MalformedUpdateException {
    long type = in.varUint();
    if (type > LAST_TYPE) {
      throw in.malformed("an unknown shared type " + type);
    }
    if (type == XML_ELEMENT || type == XML_HOOK) {
      in.skipString();
    }
  }

  /// The options must be an object: editors look for keys in it and fail on `null`.
  private static void skipDocumentOptions(ByteReader in, YLimits limits)
      throws MalformedUpdateException {
    if (in.remaining() > 0 && (in.bytes()[in.position()] & 0xFF) != AnyValue.OBJECT) {
      throw in.malformed("a sub-document whose options are no object");
    }
    AnyValue.skip(in, limits);
  }
}
