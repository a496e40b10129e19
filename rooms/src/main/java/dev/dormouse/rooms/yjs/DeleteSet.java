package dev.dormouse.rooms.yjs;

import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.NavigableMap;
import java.util.TreeMap;

/// What an update says is deleted: ranges of clocks by client. Immutable.
final class DeleteSet {
  static final DeleteSet EMPTY = new DeleteSet(new TreeMap<>());

  /// By descending client id, the order of writing; each value start, end, start, end ... in the
  /// order of reading, never empty.
  private final NavigableMap<Long, long[]> ranges;

  private DeleteSet(NavigableMap<Long, long[]> ranges) {
    this.ranges = ranges;
  }

  /// The ranges by client, each as start (inclusive), end (exclusive), start, end ...; not to be
  /// changed.
  NavigableMap<Long, long[]> ranges() {
    return ranges;
  }

  /// The deleted clocks of `client` as a set.
  Ranges of(long client) {
    Ranges set = new Ranges();
    set.addAll(ranges.getOrDefault(client, new long[0]));
    return set;
  }

  int rangeCount() {
    return ranges.values().stream().mapToInt(r -> r.length / 2).sum();
  }

  static DeleteSet read(ByteReader in, YLimits limits) throws MalformedUpdateException {
    NavigableMap<Long, long[]> ranges = new TreeMap<>(Collections.reverseOrder());
    int clients = in.count("clients in the delete set", 2, limits.clients());
    int rangesLeft = limits.structs();
    for (int i = 0; i < clients; i++) {
      long client = in.varUint();
      long[] read = readRanges(in, limits, rangesLeft);
      rangesLeft -= read.length / 2;
      if (read.length > 0) {
        ranges.merge(client, read, DeleteSet::concatenation);
      }
    }
    return new DeleteSet(ranges);
  }

  private static long[] readRanges(ByteReader in, YLimits limits, int allowed)
      throws MalformedUpdateException {
    int count = in.count("delete ranges", 2, allowed);
    long[] ranges = new long[2 * count];
    int size = 0;
    for (int i = 0; i < count; i++) {
      long clock = in.varUint();
      long length = in.varUint();
      if (length > limits.maxClock() - clock) {
        throw in.malformed("a delete range that ends after clock " + limits.maxClock());
      }
      if (length > 0) { // an empty range deletes nothing and is forgotten
        ranges[size++] = clock;
        ranges[size++] = clock + length;
      }
    }
    return Arrays.copyOf(ranges, size);
  }

  /// Everything that one of `sets` deletes, sorted and joined.
  static DeleteSet union(Collection<DeleteSet> sets) {
    NavigableMap<Long, Ranges> union = new TreeMap<>(Collections.reverseOrder());
    for (DeleteSet set : sets) {
      set.ranges.forEach(
          (client, ranges) -> union.computeIfAbsent(client, _ -> new Ranges()).addAll(ranges));
    }
    NavigableMap<Long, long[]> result = new TreeMap<>(Collections.reverseOrder());
    union.forEach((client, ranges) -> result.put(client, ranges.toArray()));
    return new DeleteSet(result);
  }

  void write(ByteWriter out) {
    out.varUint(ranges.size());
    ranges.forEach((client, bounds) -> {
      out.varUint(client).varUint(bounds.length / 2);
      for (int i = 0; i < bounds.length; i += 2) {
        out.varUint(bounds[i]).varUint(bounds[i + 1] - bounds[i]);
      }
    });
  }

  private static long[] concatenation(long[] first, long[] second) {
    long[] both = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, both, first.length, second.length);
    return both;
  }
}
