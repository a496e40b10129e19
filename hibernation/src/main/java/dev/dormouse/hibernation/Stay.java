package dev.dormouse.hibernation;

import java.time.Instant;

/// How long a connection may stay, and by whose leave. Fits into few numbers, since millions are
/// kept.
///
/// @param until the last second of it, in seconds since 1970 UTC, up to 2106; 0 for no end
/// @param holder says who has shown the token, as a hash: who stays longer must be the same
/// @param token says which token it was, as a hash of its id; 0 if that has none
public record Stay(long until, int holder, int token) {
  /// For as long as client and room like.
  public static final Stay WITHOUT_END = new Stay(0, 0, 0);

  private static final int HALF = 32;
  private static final long MOST = (1L << HALF) - 1;

  /// Until a moment; one behind 2106 is no end.
  ///
  /// @param holder not 0
  /// @param token see [#token]
  public static Stay until(Instant end, int holder, int token) {
    long second = end.getEpochSecond();
    return second > MOST
        ? new Stay(0, holder, token)
        : new Stay(Math.max(second, 1), holder, token);
  }

  /// @param packed what [#packed] said
  static Stay of(long packed, int token) {
    return new Stay(packed >>> HALF, (int) packed, token);
  }

  /// All but the token.
  long packed() {
    return until << HALF | Integer.toUnsignedLong(holder);
  }

  /// Whether it ends at all.
  public boolean ends() {
    return until != 0;
  }

  boolean isOver(Instant now) {
    return ends() && now.getEpochSecond() >= until;
  }
}
