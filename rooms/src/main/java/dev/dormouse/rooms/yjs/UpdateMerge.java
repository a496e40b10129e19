package dev.dormouse.rooms.yjs;

import dev.dormouse.rooms.yjs.Struct.Collected;
import dev.dormouse.rooms.yjs.Struct.Skip;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Merges updates without a document, struct by struct, in exactly the order in which
/// `mergeUpdates` of Yjs does it: where updates overlap, the order decides which one's pieces
/// survive, and so the bytes of the result.
///
/// The first cursor in [MergeOrder] is read as long as its structs follow each other; then the
/// cursors are ordered anew. One struct is held back, because it may have to grow.
///
/// Each round advances a cursor, or makes the held struct end where the next one begins; so there
/// are at most about twice as many rounds as structs.
final class UpdateMerge {
  private final List<YUpdate> updates;

  private final UpdateWriter out;

  /// The struct that is written next, or null before the first.
  private @Nullable Struct held;

  UpdateMerge(List<YUpdate> updates) {
    this.updates = updates;
    this.out = new UpdateWriter(updates.stream().mapToInt(YUpdate::size).max().orElse(0));
  }

  YUpdate merged() {
    MergeOrder order = new MergeOrder(updates.stream().map(UpdateMerge::cursor).toList());
    while (!order.isEmpty()) {
      round(order.first());
      order.firstMoved();
    }
    if (held != null) {
      out.add(held);
    }
    return out.finish(DeleteSet.union(updates.stream().map(YUpdate::deletes).toList()));
  }

  private void round(StructCursor cursor) {
    long client = cursor.here().client();
    Struct before = held;
    if (before == null) {
      held = cursor.current();
      cursor.advance();
    } else if (!takeOne(cursor, before)) {
      return;
    }
    takeRun(cursor, client);
  }

  /// Lets `cursor` go on from `before`, the struct held so far. Says false if another cursor may
  /// have to go first.
  private boolean takeOne(StructCursor cursor, Struct before) {
    long client = cursor.here().client();
    boolean moved = false;
    Struct next = cursor.current();
    while (next != null && next.end() <= before.end() && next.client() >= before.client()) {
      next = cursor.advance(); // already written
      moved = true;
    }
    if (next == null || next.client() != client || (moved && next.clock() > before.end())) {
      return false;
    }
    if (client != before.client()) {
      hold(next, cursor);
    } else if (before.end() < next.clock()) {
      out.add(before);
      held = new Skip(client, before.end(), next.clock() - before.end());
    } else {
      long known = before.end() - next.clock();
      Struct rest = known > 0 ? next.withoutFirst(known) : next;
      if (before instanceof Collected garbage && rest instanceof Collected) {
        held = garbage.longerBy(rest.length()); // the next round finds `rest` already written
      } else {
        hold(rest, cursor);
      }
    }
    return true;
  }

  /// Takes the structs that follow the held one without a gap.
  private void takeRun(StructCursor cursor, long client) {
    Struct next = cursor.current();
    while (next != null && held != null && next.client() == client && next.clock() == held.end()) {
      hold(next, cursor);
      next = cursor.current();
    }
  }

  private void hold(Struct struct, StructCursor cursor) {
    if (held != null) {
      out.add(held);
    }
    held = struct;
    cursor.advance();
  }

  /// Goes through `update` from the highest client to the lowest: the order in which Yjs always
  /// writes. Its own merge would lose blocks in any other order.
  private static StructCursor cursor(YUpdate update) {
    List<Block> blocks =
        update.blocks().stream()
            .sorted(Comparator.comparingLong(Block::client).reversed())
            .toList();
    return new StructCursor(update, blocks, /* dropSkips= */ true);
  }
}
