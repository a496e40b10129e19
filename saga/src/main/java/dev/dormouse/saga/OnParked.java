package dev.dormouse.saga;

import java.time.Duration;

/// What happens to a saga that is parked, until somebody decides.
///
/// Each `review` it is tried again, `automaticRetries` times in its life; after that each review
/// only tells about it again. It is never given up.
///
/// @param review the time between two looks; positive. A paused saga is reported as often
/// @param automaticRetries not negative
public record OnParked(Duration review, int automaticRetries) {

  public OnParked {
    if (review.isNegative() || review.isZero()) {
      throw new IllegalArgumentException("review is positive, not " + review);
    }
    if (automaticRetries < 0) {
      throw new IllegalArgumentException("automaticRetries is not negative");
    }
  }

  /// Told once an hour, retried by people only.
  public static OnParked remind() {
    return new OnParked(Duration.ofHours(1), 0);
  }
}
