package dev.dormouse.rooms.limiter;

import java.io.Serializable;

/// What became of a wish for tokens.
///
/// @param granted whether they were taken; if not, none were
/// @param remaining whole tokens left
/// @param capacity see [Limit#capacity]
/// @param perSeconds see [Limit#perSeconds]
/// @param fullInMillis until the bucket is full again, if nobody takes more
/// @param retryInMillis until there are as many as were asked for, if nobody else takes them; 0 if
///   they were taken
public record Taken(
    boolean granted,
    long remaining,
    long capacity,
    long perSeconds,
    long fullInMillis,
    long retryInMillis)
    implements Serializable {
  private static final long serialVersionUID = 1;
}
