package dev.dormouse.rooms.fleet.rollout;

import dev.dormouse.rooms.fleet.Verdict;
import java.io.Serializable;

/// How a device that did not succeed is tried again without anybody asking. Times in milliseconds.
///
/// @param most how often
/// @param first the wait before the first time; doubled for each further one, [#DOUBLINGS] times at
///   most
/// @param reach how long an attempt waits for its device to connect; 0 for as long as there is
record Retries(int most, long first, long reach) implements Serializable {
  static final Retries NONE = new Retries(0, 0, 0);

  private static final int DOUBLINGS = 6;

  /// Whether another attempt follows the one that has failed. Who was called off is not tried
  /// again.
  boolean left(int attempt, Verdict verdict) {
    return attempt <= most && verdict != Verdict.CANCELLED;
  }

  long waitAfter(int attempt) {
    return first << Math.min(attempt - 1, DOUBLINGS);
  }

  /// When a device that does not connect is given up for now.
  long reached(long now, long ends) {
    return reach == 0 ? ends : Math.min(ends, now + reach);
  }
}
