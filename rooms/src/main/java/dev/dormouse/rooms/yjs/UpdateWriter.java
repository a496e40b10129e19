package dev.dormouse.rooms.yjs;

import java.util.ArrayList;
import java.util.List;

/// Builds an update from structs that come ordered by client and clock.
///
/// The wire wants the number of blocks, and of structs in a block, before the structs, so structs
/// are collected first and put together in [#finish].
final class UpdateWriter {
  private final ByteWriter structs;
  private final List<Block> collected = new ArrayList<>();

  private long client;
  private long clock;
  private int count;
  private int start;
  private Ranges clocks = new Ranges();

  UpdateWriter(int capacity) {
    structs = new ByteWriter(capacity);
  }

  void add(Struct struct) {
    if (count > 0 && client != struct.client()) {
      endBlock();
    }
    if (count == 0) {
      client = struct.client();
      clock = struct.clock();
      start = structs.size();
    }
    struct.write(structs);
    count++;
    if (!(struct instanceof Struct.Skip)) {
      clocks.append(struct.clock(), struct.end());
    }
  }

  /// The update with all structs added and `deletes`.
  YUpdate finish(DeleteSet deletes) {
    endBlock();
    ByteWriter out = new ByteWriter(structs.size() + 64);
    out.varUint(collected.size());
    List<Block> blocks = new ArrayList<>(collected.size());
    for (int i = 0; i < collected.size(); i++) {
      Block block = collected.get(i);
      int end = i + 1 < collected.size() ? collected.get(i + 1).position() : structs.size();
      out.varUint(block.structs()).varUint(block.client()).varUint(block.clock());
      blocks.add(
          new Block(block.client(), block.clock(), block.structs(), out.size(), block.clocks()));
      out.raw(structs, block.position(), end);
    }
    deletes.write(out);
    return new YUpdate(out.toBytes(), List.copyOf(blocks), deletes);
  }

  /// Positions in [#collected] are those in [#structs], until the blocks are put together.
  private void endBlock() {
    if (count > 0) {
      collected.add(new Block(client, clock, count, start, clocks.bounds()));
      clocks = new Ranges();
      count = 0;
    }
  }
}
