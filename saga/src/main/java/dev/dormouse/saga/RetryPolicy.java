package dev.dormouse.saga;

import java.time.Duration;
import java.util.HashSet;
import java.util.Set;

/// How often a command is sent, and how long between.
///
/// After attempt n fails the next one follows `initial * factor^(n-1)` later, at most
/// `maxInterval`, shortened by up to `jitter` of itself. An attempt that is not answered in the
/// step's timeout has failed too.
///
/// @param maxAttempts all attempts, the first included; at least 1
/// @param initial the wait after the first attempt; not negative
/// @param factor at least 1
/// @param maxInterval at least `initial`
/// @param jitter 0 to 1; the same attempt of the same saga always draws the same number
/// @param nonRetryable codes of failures that no further attempt can mend
public record RetryPolicy(
    int maxAttempts,
    Duration initial,
    double factor,
    Duration maxInterval,
    double jitter,
    Set<String> nonRetryable) {

  public RetryPolicy {
    if (maxAttempts < 1) {
      throw new IllegalArgumentException("maxAttempts is at least 1, not " + maxAttempts);
    }
    if (initial.isNegative() || maxInterval.compareTo(initial) < 0) {
      throw new IllegalArgumentException(
          "0 <= initial <= maxInterval does not hold for " + initial + " and " + maxInterval);
    }
    if (!(factor >= 1)) {
      throw new IllegalArgumentException("factor is at least 1, not " + factor);
    }
    if (!(jitter >= 0 && jitter <= 1)) {
      throw new IllegalArgumentException("jitter is 0 to 1, not " + jitter);
    }
    nonRetryable = Set.copyOf(nonRetryable);
  }

  /// Five attempts, waiting about 1, 2, 4 and 8 seconds between.
  public static RetryPolicy defaults() {
    return of(5, Duration.ofSeconds(1), 2, Duration.ofMinutes(1), 0.2);
  }

  public static RetryPolicy of(
      int maxAttempts,
      Duration initial,
      double factor,
      Duration maxInterval,
      double jitter,
      String... nonRetryable) {
    return new RetryPolicy(
        maxAttempts, initial, factor, maxInterval, jitter, new HashSet<>(Set.of(nonRetryable)));
  }
}
