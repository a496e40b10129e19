package dev.dormouse.rooms.limiter;

import java.io.Serializable;

/// So many tokens at once, and so many again in each period, evenly spread over it.
///
/// @param capacity tokens, 1 to 1,000,000
/// @param perSeconds the time in which an empty bucket fills, 1 second to 31 days
public record Limit(long capacity, long perSeconds) implements Serializable {
  private static final long serialVersionUID = 1;

  /// What holds until another limit is set: one a second on average, up to a minute's worth at
  /// once.
  public static final Limit USUAL = new Limit(60, 60);

  static final long MAX_CAPACITY = 1_000_000;
  static final long MAX_PER_SECONDS = 31 * 86_400;

  public Limit {
    within("capacity", capacity, MAX_CAPACITY);
    within("perSeconds", perSeconds, MAX_PER_SECONDS);
  }

  private static void within(String name, long value, long max) {
    if (value < 1 || value > max) {
      throw new IllegalArgumentException(
          "'%s' is a number from 1 to %d, not %d".formatted(name, max, value));
    }
  }

  long perMillis() {
    return perSeconds * 1_000;
  }
}
