package dev.dormouse.rooms.yjs;

import dev.dormouse.rooms.yjs.Struct.Collected;
import dev.dormouse.rooms.yjs.Struct.Item;
import dev.dormouse.rooms.yjs.Struct.Skip;

/// Reads one struct, whose client and clock are known from what came before.
final class StructReader {
  /// For bytes that passed stricter limits before.
  static final YLimits ALREADY_CHECKED =
      new YLimits(
          Integer.MAX_VALUE,
          Integer.MAX_VALUE,
          Integer.MAX_VALUE,
          YLimits.MAX_SAFE_INTEGER,
          1_000,
          Integer.MAX_VALUE,
          Integer.MAX_VALUE,
          Integer.MAX_VALUE,
          Integer.MAX_VALUE,
          Integer.MAX_VALUE);

  private static final int ROOT_PARENT = 1;

  private StructReader() {}

  static Struct read(ByteReader in, long client, long clock, YLimits limits)
      throws MalformedUpdateException {
    int start = in.position();
    int info = in.u8();
    Struct struct =
        switch (info) {
          case Collected.KIND -> new Collected(client, clock, in.varUint());
          case Skip.KIND -> new Skip(client, clock, in.varUint());
          default -> item(in, client, clock, info, limits);
        };
    if (struct.length() == 0) {
      throw new MalformedUpdateException("a struct of length 0", start);
    }
    if (struct.length() > limits.maxClock() - clock) {
      throw new MalformedUpdateException(
          "a struct that ends after clock " + limits.maxClock(), start);
    }
    return struct;
  }

  private static Item item(ByteReader in, long client, long clock, int info, YLimits limits)
      throws MalformedUpdateException {
    int start = in.position();
    if ((info & Item.HAS_ORIGIN) != 0) {
      id(in, client, clock);
    }
    int rightOrigin = in.position();
    if ((info & Item.HAS_RIGHT_ORIGIN) != 0) {
      id(in, client, clock);
    }
    boolean parentIsOnTheWire = (info & (Item.HAS_ORIGIN | Item.HAS_RIGHT_ORIGIN)) == 0;
    if (parentIsOnTheWire) {
      parent(in, client, clock);
      if ((info & Item.HAS_PARENT_KEY) != 0) {
        in.skipString();
      }
    }
    int content = in.position();
    long length = Content.skip(info & Item.KIND_BITS, in, limits);
    int kept = parentIsOnTheWire ? info : info & ~Item.HAS_PARENT_KEY;
    return new Item(
        client, clock, length, kept, in.bytes(), start, rightOrigin, content, in.position());
  }

  private static void parent(ByteReader in, long client, long clock)
      throws MalformedUpdateException {
    long kind = in.varUint();
    if (kind > ROOT_PARENT) {
      throw in.malformed("an unknown kind of parent " + kind);
    }
    if (kind == ROOT_PARENT) {
      in.skipString();
    } else {
      id(in, client, clock);
    }
  }

  /// Steps over the id of an older item. An item that stands next to or inside of a later one of
  /// its own client cannot exist, and makes an editor that gets it throw.
  private static void id(ByteReader in, long client, long clock) throws MalformedUpdateException {
    int start = in.position();
    long otherClient = in.varUint();
    long otherClock = in.varUint();
    if (otherClient == client && otherClock >= clock) {
      throw new MalformedUpdateException(
          "an item that refers to its own future, clock " + otherClock, start);
    }
  }
}
