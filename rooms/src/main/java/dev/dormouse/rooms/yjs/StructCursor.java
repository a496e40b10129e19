package dev.dormouse.rooms.yjs;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// Goes through the structs of an update, reading each when its turn comes.
final class StructCursor {
  private final byte[] bytes;
  private final List<Block> blocks;
  private final boolean dropSkips;

  private int block = -1;
  private int structsLeft;
  private ByteReader in;
  private long clock;
  private @Nullable Struct current;

  /// Stands at the first struct of `blocks`, which are blocks of `update` in the order wanted.
  StructCursor(YUpdate update, List<Block> blocks, boolean dropSkips) {
    this.bytes = update.sharedBytes();
    this.blocks = blocks;
    this.dropSkips = dropSkips;
    this.in = new ByteReader(bytes, 0, 0);
    advance();
  }

  /// The struct it stands at, or null behind the last.
  @Nullable Struct current() {
    return current;
  }

  /// The struct it stands at; not to be asked behind the last.
  Struct here() {
    Struct struct = current;
    if (struct == null) {
      throw new IllegalStateException("the cursor is exhausted");
    }
    return struct;
  }

  /// Goes to the next struct and returns it, or null behind the last.
  @Nullable Struct advance() {
    do {
      current = read();
    } while (dropSkips && current instanceof Struct.Skip);
    return current;
  }

  private @Nullable Struct read() {
    while (structsLeft == 0) {
      if (++block >= blocks.size()) {
        block = blocks.size();
        return null;
      }
      Block entered = blocks.get(block);
      structsLeft = entered.structs();
      clock = entered.clock();
      in = new ByteReader(bytes, entered.position(), bytes.length);
    }
    structsLeft--;
    try {
      Struct struct =
          StructReader.read(in, blocks.get(block).client(), clock, StructReader.ALREADY_CHECKED);
      clock = struct.end();
      return struct;
    } catch (MalformedUpdateException e) {
      throw new IllegalStateException("a checked update reads differently the second time", e);
    }
  }
}
