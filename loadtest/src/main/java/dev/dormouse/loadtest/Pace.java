package dev.dormouse.loadtest;

import java.time.Duration;

/// A bound on how fast rooms are opened, for servers that hold descriptors for each awake one. Time
/// lost is not made up for: the bound holds over every stretch of time. Belongs to one thread.
final class Pace {
  private final long betweenNanos;

  /// When the next room's turn is.
  private long next = System.nanoTime();

  private Pace(long betweenNanos) {
    this.betweenNanos = betweenNanos;
  }

  static Pace unbounded() {
    return new Pace(0);
  }

  static Pace of(double perSecond) {
    return new Pace((long) Math.ceil(1e9 / perSecond));
  }

  /// Blocks until the next room's turn.
  void await() {
    if (betweenNanos == 0) {
      return;
    }
    long early = next - System.nanoTime();
    if (early > 0) {
      Pause.of(Duration.ofNanos(early));
    }
    next = System.nanoTime() + betweenNanos;
  }
}
