package dev.dormouse.storage;

import dev.dormouse.room.spi.WriteSet;
import java.util.LinkedHashSet;
import java.util.Set;

/// The numbers of write sets that failed and that sets of other rooms may name: those are refused.
///
/// Used by the writer's thread only.
final class FailedSets {
  /// The latest are remembered: what names one is submitted soon after it, or never.
  private static final int MOST = 100_000;

  private final LinkedHashSet<Long> numbers = new LinkedHashSet<>();

  /// The last that was forgotten. What is no later is refused too.
  private long forgotten;

  void add(WriteSet set) {
    if (set.number() != 0) {
      numbers.add(set.number());
      if (numbers.size() > MOST) {
        forgotten = Math.max(forgotten, numbers.removeFirst());
      }
    }
  }

  boolean holds(Set<Long> any) {
    return !any.isEmpty()
        && any.stream().anyMatch(number -> number <= forgotten || numbers.contains(number));
  }
}
