package dev.dormouse.saga.engine;

import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.Random;

/// Virtual time in which things happen in an order drawn from a seed, and, until it calms down, go
/// wrong as often as that.
final class Storm {
  /// Until when things go wrong, in milliseconds.
  static final long CALM = 4 * 3_600_000L;

  private record Happening(long at, long order, Runnable what) {}

  final Random random;
  private final PriorityQueue<Happening> happenings =
      new PriorityQueue<>(
          Comparator.comparingLong(Happening::at).thenComparingLong(Happening::order));
  private long now = 1_000;
  private long order;

  Storm(long seed) {
    random = new Random(seed);
  }

  long now() {
    return now;
  }

  boolean calm() {
    return now >= CALM;
  }

  /// Whether something of this likelihood goes wrong now.
  boolean wrong(double likelihood) {
    return !calm() && random.nextDouble() < likelihood;
  }

  void at(long time, Runnable what) {
    happenings.add(new Happening(Math.max(time, now), order++, what));
  }

  /// Some time within `millis` from now.
  void within(long millis, Runnable what) {
    at(now + 1 + random.nextLong(millis), what);
  }

  /// Runs until nothing is left to happen.
  ///
  /// @throws AssertionError if that takes more than `most` happenings
  void run(int most) {
    for (int i = 0; !happenings.isEmpty(); i++) {
      if (i == most) {
        throw new AssertionError("still going on after " + most + " happenings, at " + now);
      }
      Happening next = happenings.remove();
      now = next.at();
      next.what().run();
    }
  }
}
