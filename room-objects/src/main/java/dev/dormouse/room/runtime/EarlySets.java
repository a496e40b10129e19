package dev.dormouse.room.runtime;

import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/// Write sets whose messages left before they were durable, by their numbers: what other rooms make
/// of such a message names the set, and is refused with it.
///
/// For any thread.
final class EarlySets {
  /// How many failed ones are remembered, the latest: their messages are handled soon or never.
  private static final int MOST_FAILED = 100_000;

  private final AtomicLong numbers = new AtomicLong();
  private final Set<Long> underWay = ConcurrentHashMap.newKeySet();

  /// The last failed one that was forgotten. What is no later is not taken for durable. Guarded by
  /// [#failed].
  private long forgotten;

  /// Guarded by itself.
  private final LinkedHashSet<Long> failed = new LinkedHashSet<>();

  /// How such a set stands.
  enum State {
    DURABLE,
    UNDER_WAY,
    FAILED
  }

  /// The number of a set that is about to be submitted.
  long next() {
    long number = numbers.incrementAndGet();
    underWay.add(number);
    return number;
  }

  /// A set was answered.
  void settled(long number, boolean durable) {
    if (number == 0) {
      return;
    }
    if (!durable) {
      synchronized (failed) {
        failed.add(number);
        if (failed.size() > MOST_FAILED) {
          forgotten = Math.max(forgotten, failed.removeFirst());
        }
      }
    }
    underWay.remove(number);
  }

  /// @param number 0 for none, which is durable
  State state(long number) {
    if (number == 0) {
      return State.DURABLE;
    }
    if (underWay.contains(number)) {
      return State.UNDER_WAY;
    }
    synchronized (failed) {
      return number <= forgotten || failed.contains(number) ? State.FAILED : State.DURABLE;
    }
  }
}
