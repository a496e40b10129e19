package dev.dormouse.rooms.yjs;

import java.util.ArrayList;
import java.util.List;

/// Updates as an editor sends them while one person types into the text named `t`.
final class Keystrokes {
  private final long client;
  private long clock;

  Keystrokes(long client) {
    this.client = client;
  }

  /// The update for one insertion behind the previous one.
  YUpdate type(String text) {
    ByteWriter out = new ByteWriter(64);
    out.varUint(1).varUint(1).varUint(client).varUint(clock);
    if (clock == 0) {
      out.u8(Content.STRING).varUint(1).string("t");
    } else {
      out.u8(Content.STRING | Struct.Item.HAS_ORIGIN).varUint(client).varUint(clock - 1);
    }
    out.string(text).varUint(0);
    clock += text.length();
    return checked(out);
  }

  /// One update for each character.
  List<YUpdate> typeSingly(String text) {
    List<YUpdate> updates = new ArrayList<>();
    text.codePoints().forEach(character -> updates.add(type(Character.toString(character))));
    return updates;
  }

  /// The update that deletes `length` clocks from `from` on.
  YUpdate delete(long from, long length) {
    ByteWriter out = new ByteWriter(64);
    out.varUint(0).varUint(1).varUint(client).varUint(1).varUint(from).varUint(length);
    return checked(out);
  }

  private static YUpdate checked(ByteWriter out) {
    try {
      return YUpdate.decode(out.toBytes(), YLimits.defaults());
    } catch (MalformedUpdateException e) {
      throw new AssertionError(e);
    }
  }
}
