package dev.dormouse.hibernation;

import java.time.Instant;

/// How long a connection may stay, and by whose leave. Fits into few numbers, since millions are
/// kept; hashes are wide enough that no two persons or tokens are expected to share one.
///
/// @param until the last second of it, in seconds since 1970 UTC, up to 2106; 0 for no end
/// @param holder says who has shown the token, as a hash: who stays longer must be the same; 0 only
///   if nobody has
/// @param token says which token it was, as a hash of its id; 0 if that has none
public record Stay(long until, long holder, long token) {
  /// For as long as client and room like.
  public static final Stay WITHOUT_END = new Stay(0, 0, 0);

  private static final long MOST = (1L << Integer.SIZE) - 1;

  /// Until a moment; one behind 2106 is no end.
  ///
  /// @param holder not 0
  /// @param token see [#token]
  public static Stay until(Instant end, long holder, long token) {
    long second = end.getEpochSecond();
    return second > MOST
        ? new Stay(0, holder, token)
        : new Stay(Math.max(second, 1), holder, token);
  }

  /// Whether it ends at all.
  public boolean ends() {
    return until != 0;
  }

  boolean isOver(Instant now) {
    return ends() && now.getEpochSecond() >= until;
  }
}
