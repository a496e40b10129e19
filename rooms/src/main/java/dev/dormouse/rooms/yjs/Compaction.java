package dev.dormouse.rooms.yjs;

import dev.dormouse.rooms.yjs.Struct.Collected;
import dev.dormouse.rooms.yjs.Struct.Item;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Makes an update smaller without changing its meaning, and without a document. (Where a few
/// letters are deleted inside of a long text, the cut takes more than it saves, as it does in an
/// editor.)
///
/// Merging forgets nothing, so a log of keystrokes stays a log of keystrokes. Two things an editor
/// does in its own memory are done here: deleted content is dropped (what stays says only that
/// there was something), and what was typed in one stroke becomes one item again.
///
/// Shared types are kept even when deleted, because other items name them as their parent.
final class Compaction {
  private final UpdateWriter out;
  private final DeleteSet deletes;

  /// The deleted clocks of [#client], whose items are being read.
  private Ranges deleted = new Ranges();

  private long client = -1;

  /// Items that together become the next one to be written; each continues the one before.
  private final List<Item> stroke = new ArrayList<>();

  /// Collected clocks that may still grow, instead of a [#stroke].
  private @Nullable Collected garbage;

  private Compaction(YUpdate update) {
    this.out = new UpdateWriter(update.size());
    this.deletes = DeleteSet.union(List.of(update.deletes()));
  }

  static YUpdate compacted(YUpdate update) {
    Compaction compaction = new Compaction(update);
    StructCursor structs = new StructCursor(update, update.blocks(), /* dropSkips= */ false);
    for (Struct s = structs.current(); s != null; s = structs.advance()) {
      switch (s) {
        case Item item -> compaction.item(item);
        case Collected collected -> compaction.collected(collected);
        case Struct.Skip skip -> {
          compaction.endStroke();
          compaction.out.add(skip);
        }
      }
    }
    compaction.endStroke();
    return compaction.out.finish(compaction.deletes);
  }

  private void collected(Collected next) {
    Collected before = garbage;
    if (before != null && before.client() == next.client() && before.end() == next.clock()) {
      garbage = before.longerBy(next.length());
      return;
    }
    endStroke();
    garbage = next;
  }

  /// Cuts `item` where deleted clocks begin or end, and takes the parts.
  private void item(Item item) {
    if (item.client() != client) {
      client = item.client();
      deleted = deletes.of(client);
    }
    if (item.kind() == Content.TYPE || item.kind() == Content.DELETED) {
      part(item);
    } else if (deleted.nextBound(item.clock()) >= item.end()) {
      boolean gone = deleted.covers(item.clock(), item.end());
      part(gone ? emptied(item, 0, item.length()) : item);
    } else {
      takeApart(item);
    }
  }

  private void takeApart(Item item) {
    ContentPieces pieces = new ContentPieces(item);
    long clock = item.clock();
    while (clock < item.end()) {
      long end = Math.min(item.end(), deleted.nextBound(clock));
      long offset = clock - item.clock();
      if (deleted.covers(clock, end)) {
        pieces.skip(end - clock);
        part(emptied(item, offset, end - clock));
      } else {
        ByteWriter content = new ByteWriter(64);
        pieces.write(end - clock, content);
        part(item.part(offset, end - clock, item.kind(), content));
      }
      clock = end;
    }
  }

  private static Item emptied(Item item, long offset, long units) {
    return item.part(offset, units, Content.DELETED, new ByteWriter(9).varUint(units));
  }

  private void part(Item part) {
    boolean joins =
        !stroke.isEmpty() && Content.canBeLong(part.kind()) && part.continues(stroke.getLast());
    if (!joins) {
      endStroke();
    }
    stroke.add(part);
  }

  private void endStroke() {
    if (garbage != null) {
      out.add(garbage);
      garbage = null;
    }
    if (stroke.size() == 1) {
      out.add(stroke.getFirst());
    } else if (!stroke.isEmpty()) {
      out.add(joined());
    }
    stroke.clear();
  }

  private Item joined() {
    Item first = stroke.getFirst();
    long length = stroke.getLast().end() - first.clock();
    ByteWriter elements = new ByteWriter(64);
    for (Item item : stroke) {
      ContentPieces.elements(item, elements);
    }
    long prefix = first.kind() == Content.STRING ? elements.size() : length;
    ByteWriter content = new ByteWriter(elements.size() + 9).varUint(prefix);
    return first.part(0, length, first.kind(), content.raw(elements, 0, elements.size()));
  }
}
