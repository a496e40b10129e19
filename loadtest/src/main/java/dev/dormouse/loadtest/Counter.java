package dev.dormouse.loadtest;

/// The values a room's counter has answered: each number above the first exactly once, in any order
/// within a bounded distance (answers on several connections are read in no particular order).
final class Counter {
  /// How far an answer may run ahead of one that is still unread; a power of two.
  private static final int REACH = 1 << 16;

  private final String room;

  /// The lowest value not seen yet.
  private long next;

  /// Whether a value above [#next] was seen, at the value modulo the reach.
  private final boolean[] seen = new boolean[REACH];

  /// How many are marked in [#seen].
  private int ahead;

  /// @param value where the counter stands
  Counter(String room, long value) {
    this.room = room;
    this.next = value + 1;
  }

  /// @throws WireException if `value` came before or cannot have come
  void answered(long value) {
    if (value < next || (value - next < REACH && seen[slot(value)])) {
      throw new WireException("room " + room + " answered counter " + value + " twice");
    }
    if (value - next >= REACH) {
      throw new WireException("room " + room + " answered " + value + ", but never " + next);
    }
    seen[slot(value)] = true;
    ahead++;
    while (seen[slot(next)]) {
      seen[slot(next)] = false;
      ahead--;
      next++;
    }
  }

  /// The value up to which all have come.
  ///
  /// @throws WireException if one above it came already, so that one is missing
  long whole() {
    if (ahead > 0) {
      throw new WireException("room " + room + " never answered counter " + next);
    }
    return next - 1;
  }

  private static int slot(long value) {
    return (int) value & (REACH - 1);
  }
}
