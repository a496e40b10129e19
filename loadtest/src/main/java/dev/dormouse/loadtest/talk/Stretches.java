package dev.dormouse.loadtest.talk;

import java.util.NavigableMap;
import java.util.TreeMap;

/// What was heard of a sequence that has no holes at its source: how far it is whole, and what lies
/// behind a hole. Belongs to one owner.
final class Stretches {
  /// End by beginning, all behind `whole`.
  private final NavigableMap<Long, Long> behind = new TreeMap<>();

  private long whole;

  /// @param whole how far it is known from elsewhere
  Stretches(long whole) {
    this.whole = whole;
  }

  /// Takes the stretch from `start` to before `end`.
  ///
  /// @return false if it was heard before
  boolean add(long start, long end) {
    if (end <= whole || behind.getOrDefault(start, start) >= end) {
      return false;
    }
    behind.merge(start, end, Math::max);
    while (!behind.isEmpty() && behind.firstKey() <= whole) {
      whole = Math.max(whole, behind.pollFirstEntry().getValue());
    }
    return true;
  }

  /// Everything before this was heard.
  long whole() {
    return whole;
  }

  boolean hasHole() {
    return !behind.isEmpty();
  }
}
