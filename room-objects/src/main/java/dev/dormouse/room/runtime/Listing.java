package dev.dormouse.room.runtime;

import dev.dormouse.room.KeyRange;
import dev.dormouse.room.Storage;
import dev.dormouse.room.spi.KeyOrder;
import java.util.Iterator;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NoSuchElementException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Cuts ranges out of sorted keys, and lays changes over a listing.
final class Listing {
  private Listing() {}

  /// The part of `map` that a range names, its direction and limit aside.
  static <V> NavigableMap<String, V> part(NavigableMap<String, V> map, KeyRange range) {
    String from = range.start();
    if (from == null || KeyOrder.UTF8.compare(from, range.prefix()) < 0) {
      from = range.prefix();
    }
    String to = range.end();
    String afterPrefix = range.prefix().isEmpty() ? null : KeyOrder.after(range.prefix());
    if (to == null || (afterPrefix != null && KeyOrder.UTF8.compare(afterPrefix, to) < 0)) {
      to = afterPrefix;
    }
    if (to == null) {
      return map.tailMap(from, true);
    }
    return KeyOrder.UTF8.compare(from, to) < 0
        ? map.subMap(from, true, to, false)
        : map.subMap(from, true, from, false);
  }

  /// The entries of `below` with `changes` laid over them, in their common order.
  static Iterator<Storage.Entry> overlay(
      Iterator<Storage.Entry> below,
      NavigableMap<String, Optional<byte[]>> changes,
      boolean reverse) {
    if (changes.isEmpty()) {
      return below;
    }
    return new Overlay(below, (reverse ? changes.descendingMap() : changes), reverse);
  }

  private static final class Overlay implements Iterator<Storage.Entry> {
    private final Iterator<Storage.Entry> below;
    private final Iterator<Map.Entry<String, Optional<byte[]>>> above;
    private final boolean reverse;
    private Storage.@Nullable Entry lower;
    private Map.@Nullable Entry<String, Optional<byte[]>> upper;
    private Storage.@Nullable Entry next;

    Overlay(
        Iterator<Storage.Entry> below,
        NavigableMap<String, Optional<byte[]>> changes,
        boolean reverse) {
      this.below = below;
      this.above = changes.entrySet().iterator();
      this.reverse = reverse;
      advanceLower();
      advanceUpper();
      advance();
    }

    private void advanceLower() {
      lower = below.hasNext() ? below.next() : null;
    }

    private void advanceUpper() {
      upper = above.hasNext() ? above.next() : null;
    }

    private void advance() {
      next = null;
      while (next == null && (lower != null || upper != null)) {
        int order =
            lower == null
                ? 1
                : upper == null ? -1 : KeyOrder.UTF8.compare(lower.key(), upper.getKey());
        if (reverse && lower != null && upper != null) {
          order = -order;
        }
        if (order < 0) {
          next = lower;
          advanceLower();
        } else {
          Map.Entry<String, Optional<byte[]>> change = upper;
          if (order == 0) {
            advanceLower();
          }
          advanceUpper();
          if (change != null && change.getValue().isPresent()) {
            next = new Storage.Entry(change.getKey(), change.getValue().get());
          }
        }
      }
    }

    @Override
    public boolean hasNext() {
      return next != null;
    }

    @Override
    public Storage.Entry next() {
      Storage.Entry entry = next;
      if (entry == null) {
        throw new NoSuchElementException();
      }
      advance();
      return entry;
    }
  }
}
