package dev.dormouse.rooms.yjs;

import java.util.Arrays;

/// A set of clocks, kept as sorted ranges that neither overlap nor touch.
///
/// Adding at the end is cheap, adding elsewhere copies what lies behind; looking up is a binary
/// search. Not safe for several threads.
final class Ranges {
  /// Starts (inclusive) at even and ends (exclusive) at odd indexes, ascending; valid up to
  /// [#size].
  private long[] bounds = new long[2];

  private int size;

  /// Whether [#bounds] are somebody else's too, and copied before they change.
  private boolean shared;

  /// A set with the ranges of `bounds`: start, end, start, end ... in any order. The array is kept
  /// for as long as it will do, and is not to be changed.
  static Ranges of(long[] bounds) {
    Ranges ranges = new Ranges();
    if (bounds.length > 0 && isNormal(bounds)) {
      ranges.bounds = bounds;
      ranges.size = bounds.length;
      ranges.shared = true;
    } else {
      ranges.addAll(bounds);
    }
    return ranges;
  }

  private static boolean isNormal(long[] bounds) {
    for (int i = 2; i < bounds.length; i += 2) {
      if (bounds[i] <= bounds[i - 1]) {
        return false;
      }
    }
    return true;
  }

  /// How many ranges there are.
  int count() {
    return size / 2;
  }

  /// The start of range `index`, inclusive.
  long start(int index) {
    return bounds[2 * index];
  }

  /// The end of range `index`, exclusive.
  long end(int index) {
    return bounds[2 * index + 1];
  }

  /// The first clock at or above 0 that is not in the set.
  long endOfFirstFromZero() {
    return size > 0 && bounds[0] == 0 ? bounds[1] : 0;
  }

  /// Whether all clocks from `start`, inclusive, to `end`, exclusive, are in the set.
  boolean covers(long start, long end) {
    int range = firstEndingAtOrAfter(end);
    return range < size && bounds[range] <= start;
  }

  /// The first clock above `clock` that starts a range or follows one, or [Long#MAX_VALUE].
  long nextBound(long clock) {
    int found = Arrays.binarySearch(bounds, 0, size, clock + 1);
    int index = found < 0 ? -found - 1 : found;
    return index < size ? bounds[index] : Long.MAX_VALUE;
  }

  /// The ranges as start, end, start, end ..., copied.
  long[] toArray() {
    return Arrays.copyOf(bounds, size);
  }

  /// The same without copying: not to be changed, and to be asked only when it does not change any
  /// more.
  long[] bounds() {
    if (bounds.length != size) {
      bounds = Arrays.copyOf(bounds, size);
    }
    return bounds;
  }

  private void own() {
    if (shared) {
      bounds = bounds.clone();
      shared = false;
    }
  }

  /// Adds ranges given as start, end, start, end ... in any order.
  void addAll(long... more) {
    long[] sorted = sorted(more);
    if (sorted.length == 0) {
      return;
    }
    own();
    int from = firstEndingAtOrAfter(sorted[0]);
    long[] tail = Arrays.copyOfRange(bounds, from, size);
    size = from;
    int t = 0;
    int s = 0;
    while (t < tail.length || s < sorted.length) {
      boolean fromTail = s == sorted.length || (t < tail.length && tail[t] <= sorted[s]);
      if (fromTail) {
        append(tail[t], tail[t + 1]);
        t += 2;
      } else {
        append(sorted[s], sorted[s + 1]);
        s += 2;
      }
    }
  }

  /// Adds a range that starts at or after the start of the last one.
  void append(long start, long end) {
    own();
    if (size > 0 && bounds[size - 1] >= start) {
      bounds[size - 1] = Math.max(bounds[size - 1], end);
      return;
    }
    if (size == bounds.length) {
      bounds = Arrays.copyOf(bounds, Math.max(2, bounds.length * 2));
    }
    bounds[size++] = start;
    bounds[size++] = end;
  }

  /// The index in [#bounds] of the start of the first range whose end is at least `clock`.
  private int firstEndingAtOrAfter(long clock) {
    int low = 0;
    int high = size / 2;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (bounds[2 * middle + 1] < clock) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return 2 * low;
  }

  private static long[] sorted(long[] ranges) {
    for (int i = 2; i < ranges.length; i += 2) {
      if (ranges[i] < ranges[i - 2]) {
        long[][] pairs = new long[ranges.length / 2][];
        Arrays.setAll(pairs, k -> new long[] {ranges[2 * k], ranges[2 * k + 1]});
        Arrays.sort(pairs, (a, b) -> Long.compare(a[0], b[0]));
        return Arrays.stream(pairs).flatMapToLong(Arrays::stream).toArray();
      }
    }
    return ranges;
  }
}
