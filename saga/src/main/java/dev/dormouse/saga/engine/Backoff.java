package dev.dormouse.saga.engine;

import dev.dormouse.saga.RetryPolicy;

/// How long to wait after an attempt that failed. The jitter is drawn from the names of saga, step
/// and attempt: it spreads sagas and is the same whenever it is asked for.
final class Backoff {
  private Backoff() {}

  /// @return milliseconds until the attempt after this one
  static long millis(RetryPolicy policy, String saga, int step, Way way, int attempt) {
    double longest = policy.maxInterval().toMillis();
    double wait = policy.initial().toMillis() * Math.pow(policy.factor(), attempt - 1);
    double capped = Math.min(wait, longest);
    long seed = saga.hashCode() * 31L + step * 4L + (way == Way.DO ? 1 : 2);
    double drawn = (mixed(seed * 0x9e3779b97f4a7c15L + attempt) >>> 11) * 0x1p-53;
    return Math.round(capped * (1 - policy.jitter() * drawn));
  }

  /// The finisher of SplitMix64: every bit of the result depends on every bit of the seed.
  private static long mixed(long seed) {
    long z = (seed ^ (seed >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return z ^ (z >>> 31);
  }
}
