package dev.dormouse.saga.queue;

import java.time.Duration;

/// How long a message waits after a failed attempt: longer each time, up to a cap, and spread, so
/// that what failed together does not come back together.
///
/// @param base after the first attempt
/// @param factor by how much each wait is longer than the one before
/// @param cap the longest
public record Backoff(Duration base, double factor, Duration cap) {
  public Backoff {
    if (base.isNegative() || cap.compareTo(base) < 0 || !(factor >= 1)) {
      throw new IllegalArgumentException(
          "a back-off grows from its base to its cap, not "
              + base
              + " by "
              + factor
              + " to "
              + cap);
    }
  }

  /// The wait after `attempt`, from 1, in milliseconds: between half and the whole of what the
  /// policy says. The same key and attempt give the same.
  long after(int attempt, String key) {
    double whole =
        Math.min((double) cap.toMillis(), base.toMillis() * Math.pow(factor, attempt - 1));
    long mixed = mix(key.hashCode() * 0x9E3779B97F4A7C15L + attempt);
    double jitter = 0.5 + (mixed >>> 11) * 0x1.0p-54;
    return (long) (whole * jitter);
  }

  /// Spreads similar numbers over all numbers (the finalizer of SplitMix64).
  static long mix(long number) {
    long z = number;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }
}
