package dev.dormouse.room.runtime;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/// How often a room may be built anew, so that bad input cannot buy endless rebuilds (T6).
///
/// Five failures within 10 s, or one failed start, make the room back off: 1 s at first, doubled
/// each time up to 30 s, and 1 s again after 30 s without a failure. Guarded by the room's lock.
final class Rebuilds {
  static final int LIMIT = 5;
  static final Duration WINDOW = Duration.ofSeconds(10);
  private static final Duration FIRST = Duration.ofSeconds(1);
  private static final Duration LONGEST = Duration.ofSeconds(30);

  private final Deque<Long> failures = new ArrayDeque<>(0);
  private Duration next = FIRST;
  private long last;

  /// Whether what is known of its failures still matters.
  boolean isTroubled(long now) {
    return !next.equals(FIRST)
        ? now - last <= LONGEST.toNanos()
        : !failures.isEmpty() && now - failures.getLast() <= WINDOW.toNanos();
  }

  /// Notes that an incarnation ended badly, and returns how long the room must rest, if it must.
  ///
  /// @param now on the execution's nano clock
  Optional<Duration> failed(long now, boolean whileStarting) {
    if (now - last > LONGEST.toNanos()) {
      next = FIRST;
    }
    last = now;
    failures.add(now);
    while (now - failures.getFirst() > WINDOW.toNanos()) {
      failures.removeFirst();
    }
    if (!whileStarting && failures.size() < LIMIT) {
      return Optional.empty();
    }
    failures.clear();
    Duration rest = next;
    next = next.multipliedBy(2).compareTo(LONGEST) < 0 ? next.multipliedBy(2) : LONGEST;
    // Counted from the end of the rest, so that resting does not look like being well.
    last = now + rest.toNanos();
    return Optional.of(rest);
  }
}
