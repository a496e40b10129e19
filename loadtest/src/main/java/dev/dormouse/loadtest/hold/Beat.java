package dev.dormouse.loadtest.hold;

/// A constant rate that waits for nobody: the times at which something is due, one after the other,
/// whether or not the last was in time. All times in nanoseconds of one clock. Belongs to one
/// thread.
final class Beat {
  private final long start;
  private final double apart;
  private long number;

  /// @param perSecond 0 for never
  Beat(long start, double perSecond) {
    this.start = start;
    this.apart = perSecond > 0 ? 1e9 / perSecond : Double.POSITIVE_INFINITY;
  }

  /// When the next is due; `Long.MAX_VALUE` for never.
  long next() {
    double after = number * apart; // 0 times never is not a number
    return Double.isFinite(after) ? start + (long) after : Long.MAX_VALUE;
  }

  boolean isDue(long now) {
    return next() <= now;
  }

  /// Goes on to the one after the next.
  void done() {
    number++;
  }
}
