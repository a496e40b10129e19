package dev.dormouse.saga;

import java.time.Duration;

/// What the sagas of one room may use; exceeding it is refused with an error that names the limit.
///
/// @param open how many sagas of a room are open at once
/// @param letters how many letters of a room's sagas wait for others to take them; while there are
///   more, no saga is started
/// @param inputBytes a saga's input, and what a command carries, in bytes
/// @param resultBytes what a step answers, in bytes
/// @param retention how long what a saga has left is kept after its end; then its id is free again
/// @param asking after how long a room asks whether the sagas in which it took part have ended, if
///   it was not told before; again at twice the age each time, and every 256 of these
public record SagaLimits(
    int open, int letters, int inputBytes, int resultBytes, Duration retention, Duration asking) {

  public SagaLimits {
    if (open < 1 || letters < 1 || inputBytes < 1 || resultBytes < 1) {
      throw new IllegalArgumentException("limits are positive");
    }
    if (!asking.isPositive()) {
      throw new IllegalArgumentException("the time until a room asks is positive");
    }
    if (retention.isNegative()) {
      throw new IllegalArgumentException("retention is not negative");
    }
  }

  /// 10,000 sagas, 100,000 letters, 256 KiB, 64 KiB, seven days, a minute.
  public static SagaLimits defaults() {
    return new SagaLimits(
        10_000, 100_000, 256 * 1024, 64 * 1024, Duration.ofDays(7), Duration.ofMinutes(1));
  }

  /// @param count see [#open]
  public SagaLimits withOpen(int count) {
    return new SagaLimits(count, letters, inputBytes, resultBytes, retention, asking);
  }

  /// @param count see [#letters]
  public SagaLimits withLetters(int count) {
    return new SagaLimits(open, count, inputBytes, resultBytes, retention, asking);
  }

  /// @param input see [#inputBytes]
  /// @param result see [#resultBytes]
  public SagaLimits withBytes(int input, int result) {
    return new SagaLimits(open, letters, input, result, retention, asking);
  }

  /// @param time see [#retention]
  public SagaLimits withRetention(Duration time) {
    return new SagaLimits(open, letters, inputBytes, resultBytes, time, asking);
  }

  /// @param time see [#asking]
  public SagaLimits withAsking(Duration time) {
    return new SagaLimits(open, letters, inputBytes, resultBytes, retention, time);
  }
}
