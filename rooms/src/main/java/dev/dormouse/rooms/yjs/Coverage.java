package dev.dormouse.rooms.yjs;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

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
/// Shares the memory of the updates that it covers, as long as it knows nothing else of a client.
///
/// Not safe for several threads.
public final class Coverage {
  private final Map<Long, Ranges> clocks = new HashMap<>();
  private final Map<Long, Ranges> deletes = new HashMap<>();

  /// As [#clients()] and [#ranges()] say, counted along.
  private int clients;

  private int ranges;

  /// The coverage of an empty document.
  public Coverage() {}

  /// The coverage of a document that consists of `stored`.
  public static Coverage of(YUpdate stored) {
    Coverage coverage = new Coverage();
    coverage.add(stored);
    return coverage;
  }

  /// What an update brings.
  ///
  /// @param clients those that are not known here
  /// @param ranges those that are not covered; each becomes at most one more here, less where it
  ///   touches another
  record Growth(int clients, int ranges) {}

  /// Whether `update` holds a clock or a deletion that is not covered. If not, storing or relaying
  /// it changes nothing for anybody.
  public boolean isNew(YUpdate update) {
    return growth(update).ranges > 0;
  }

  /// What `update` holds that is not covered.
  Growth growth(YUpdate update) {
    Set<Long> newcomers = new HashSet<>();
    int news = 0;
    for (Block block : update.blocks()) {
      int more = uncovered(clocks, block.client(), block.clocks());
      news += more;
      meet(newcomers, block.client(), more);
    }
    for (Map.Entry<Long, long[]> deleted : update.deletes().ranges().entrySet()) {
      int more = uncovered(deletes, deleted.getKey(), deleted.getValue());
      news += more;
      meet(newcomers, deleted.getKey(), more);
    }
    return new Growth(newcomers.size(), news);
  }

  private void meet(Set<Long> newcomers, long client, int news) {
    if (news > 0 && !knows(client)) {
      newcomers.add(client);
    }
  }

  private boolean knows(long client) {
    return clocks.containsKey(client) || deletes.containsKey(client);
  }

  /// Covers all that `update` holds, too.
  public void add(YUpdate update) {
    for (Block block : update.blocks()) {
      add(clocks, block.client(), block.clocks());
    }
    update.deletes().ranges().forEach((client, bounds) -> add(deletes, client, bounds));
  }

  private void add(Map<Long, Ranges> all, long client, long[] bounds) {
    if (bounds.length == 0) {
      return; // a block of nothing but gaps
    }
    if (!knows(client)) {
      clients++;
    }
    Ranges known = all.get(client);
    if (known == null) {
      known = Ranges.of(bounds);
      all.put(client, known);
    } else {
      ranges -= known.count();
      known.addAll(bounds);
    }
    ranges += known.count();
  }

  /// How many clients have clocks or deletions here.
  int clients() {
    return clients;
  }

  /// How many ranges of clocks and of deletions there are.
  int ranges() {
    return ranges;
  }

  /// What somebody knows who has just this; clocks behind a gap do not count.
  public StateVector stateVector() {
    Map<Long, Long> next = new HashMap<>();
    clocks.forEach((client, ranges) -> next.put(client, ranges.endOfFirstFromZero()));
    return StateVector.of(next);
  }

  private static int uncovered(Map<Long, Ranges> all, long client, long[] bounds) {
    Ranges known = all.get(client);
    int uncovered = 0;
    for (int i = 0; i < bounds.length; i += 2) {
      if (known == null || !known.covers(bounds[i], bounds[i + 1])) {
        uncovered++;
      }
    }
    return uncovered;
  }
}
