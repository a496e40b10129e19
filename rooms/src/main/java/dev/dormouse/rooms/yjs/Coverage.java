package dev.dormouse.rooms.yjs;

import java.util.HashMap;
import java.util.Map;

/// Which clocks and which deletions a stored document holds: enough to say whether an update brings
/// anything new, without looking at what it holds.
///
/// Ranges rather than a state vector, because a stored update can lie behind a gap: its author's
/// earlier changes are still on their way.
///
/// An editor sometimes deletes by itself what nobody deleted on the wire (of two values set at once
/// for one key, the one that loses). When it reconnects and sends its whole delete set, that
/// deletion is new here, once.
///
/// Not safe for several threads.
public final class Coverage {
  private final Map<Long, Ranges> clocks = new HashMap<>();
  private final Map<Long, Ranges> deletes = new HashMap<>();

  /// The coverage of an empty document.
  public Coverage() {}

  /// The coverage of a document that consists of `stored`.
  public static Coverage of(YUpdate stored) {
    Coverage coverage = new Coverage();
    coverage.add(stored);
    return coverage;
  }

  /// Whether `update` holds a clock or a deletion that is not covered. If not, storing or relaying
  /// it changes nothing for anybody.
  public boolean isNew(YUpdate update) {
    for (Block block : update.blocks()) {
      if (!covers(clocks, block.client(), block.clocks().toArray())) {
        return true;
      }
    }
    for (Map.Entry<Long, long[]> deleted : update.deletes().ranges().entrySet()) {
      if (!covers(deletes, deleted.getKey(), deleted.getValue())) {
        return true;
      }
    }
    return false;
  }

  /// Covers all that `update` holds, too.
  public void add(YUpdate update) {
    for (Block block : update.blocks()) {
      ranges(clocks, block.client()).addAll(block.clocks().toArray());
    }
    update.deletes().ranges().forEach((client, bounds) -> ranges(deletes, client).addAll(bounds));
  }

  /// What somebody knows who has just this; clocks behind a gap do not count.
  public StateVector stateVector() {
    Map<Long, Long> next = new HashMap<>();
    clocks.forEach((client, ranges) -> next.put(client, ranges.endOfFirstFromZero()));
    return StateVector.of(next);
  }

  private static Ranges ranges(Map<Long, Ranges> all, long client) {
    return all.computeIfAbsent(client, _ -> new Ranges());
  }

  private static boolean covers(Map<Long, Ranges> all, long client, long[] bounds) {
    Ranges ranges = all.get(client);
    for (int i = 0; i < bounds.length; i += 2) {
      if (ranges == null || !ranges.covers(bounds[i], bounds[i + 1])) {
        return false;
      }
    }
    return true;
  }
}
