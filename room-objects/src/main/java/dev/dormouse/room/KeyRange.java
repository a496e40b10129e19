package dev.dormouse.room;

import org.jspecify.annotations.Nullable;

/// Which keys to list: a half-open interval in UTF-8 order, narrowed by a prefix, in one direction,
/// up to a limit.
///
/// @param start the first key, inclusive; null for the beginning
/// @param end the end, exclusive; null for no end. `reverse` does not swap the two
/// @param prefix what every key begins with; may be empty
/// @param reverse whether the largest key comes first
/// @param limit how many entries at most, counted in the direction of the listing
public record KeyRange(
    @Nullable String start, @Nullable String end, String prefix, boolean reverse, int limit) {

  public KeyRange {
    if (limit < 1) {
      throw new IllegalArgumentException("a listing's limit is at least 1, not " + limit);
    }
  }

  public static KeyRange all() {
    return new KeyRange(null, null, "", false, Integer.MAX_VALUE);
  }

  public static KeyRange prefixed(String prefix) {
    return new KeyRange(null, null, prefix, false, Integer.MAX_VALUE);
  }

  /// Keys from `start` on.
  public KeyRange from(String start) {
    return new KeyRange(start, end, prefix, reverse, limit);
  }

  /// Keys before `end`.
  public KeyRange to(String end) {
    return new KeyRange(start, end, prefix, reverse, limit);
  }

  public KeyRange reversed() {
    return new KeyRange(start, end, prefix, !reverse, limit);
  }

  public KeyRange limited(int limit) {
    return new KeyRange(start, end, prefix, reverse, limit);
  }
}
