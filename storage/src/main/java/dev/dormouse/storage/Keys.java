package dev.dormouse.storage;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.dormouse.room.KeyRange;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Keys as they are stored: their UTF-8 bytes in a blob, which SQLite compares byte by byte, so
/// that its order is the order of keys (S1).
public final class Keys {
  private static final byte[] FIRST = {};

  private Keys() {}

  /// @throws IllegalArgumentException if the text has half a surrogate pair: it has no UTF-8 form,
  ///   and what would be stored in its place is another key's
  public static byte[] utf8(String key) {
    for (int i = 0; i < key.length(); i++) {
      char c = key.charAt(i);
      if (Character.isSurrogate(c)) {
        if (!Character.isHighSurrogate(c)
            || i + 1 == key.length()
            || !Character.isLowSurrogate(key.charAt(i + 1))) {
          throw new IllegalArgumentException(
              "a key has half a surrogate pair at " + i + " and so no UTF-8 form");
        }
        i++;
      }
    }
    return key.getBytes(UTF_8);
  }

  public static String text(byte[] key) {
    return new String(key, UTF_8);
  }

  /// What a listing looks for, as stored keys.
  ///
  /// @param from the first key, inclusive
  /// @param to the end, exclusive; null for none
  public record Interval(byte[] from, byte @Nullable [] to) {

    /// The keys that `range` allows, its direction and limit aside.
    public static Interval of(KeyRange range) {
      byte[] prefix = utf8(range.prefix());
      byte[] from = range.start() == null ? FIRST : utf8(range.start());
      byte @Nullable [] to = range.end() == null ? null : utf8(range.end());
      if (prefix.length > 0) {
        byte[] after = prefix.clone();
        // No UTF-8 ends in FF, so there is always a next byte.
        after[after.length - 1]++;
        from = Arrays.compareUnsigned(from, prefix) < 0 ? prefix : from;
        to = to == null || Arrays.compareUnsigned(after, to) < 0 ? after : to;
      }
      return new Interval(from, to);
    }
  }
}
