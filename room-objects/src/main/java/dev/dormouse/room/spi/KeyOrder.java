package dev.dormouse.room.spi;

import java.util.Comparator;
import java.util.NavigableMap;
import java.util.TreeMap;

/// The order of keys: by their UTF-8 bytes, which for well-formed text is the order of code points.
///
/// [String#compareTo] differs from it where a surrogate (D800 to DFFF) meets a character from E000
/// up, since UTF-16 puts surrogates first.
public final class KeyOrder {
  public static final Comparator<String> UTF8 = KeyOrder::compare;

  private KeyOrder() {}

  public static <V> NavigableMap<String, V> newMap() {
    return new TreeMap<>(UTF8);
  }

  /// How long a key is in UTF-8, which is how it counts.
  public static int bytes(String key) {
    int bytes = 0;
    for (int i = 0; i < key.length(); i++) {
      char c = key.charAt(i);
      // Either half of a pair is half of four.
      bytes += c < 0x80 ? 1 : c < 0x800 || Character.isSurrogate(c) ? 2 : 3;
    }
    return bytes;
  }

  private static int compare(String a, String b) {
    // Known at once of a text without any character above 00FF, and fast to compare.
    return hasNoPair(a) && hasNoPair(b) ? a.compareTo(b) : byCharacter(a, b);
  }

  private static boolean hasNoPair(String text) {
    return text.codePointCount(0, text.length()) == text.length();
  }

  private static int byCharacter(String a, String b) {
    int length = Math.min(a.length(), b.length());
    for (int i = 0; i < length; i++) {
      char x = a.charAt(i);
      char y = b.charAt(i);
      if (x != y) {
        boolean xHigh = Character.isSurrogate(x);
        boolean yHigh = Character.isSurrogate(y);
        return xHigh == yHigh ? Character.compare(x, y) : xHigh ? 1 : -1;
      }
    }
    return Integer.compare(a.length(), b.length());
  }

  /// The smallest text that is larger than every text beginning with `prefix`, or null if there is
  /// none: the end of a prefix scan.
  public static @org.jspecify.annotations.Nullable String after(String prefix) {
    int last = prefix.length() - 1;
    if (last >= 0 && prefix.charAt(last) < 0xD7FF) {
      return prefix.substring(0, last) + (char) (prefix.charAt(last) + 1);
    }
    int[] points = prefix.codePoints().toArray();
    for (int i = points.length - 1; i >= 0; i--) {
      if (points[i] < Character.MAX_CODE_POINT) {
        // Surrogates are no characters: the next one after D7FF is E000.
        int next = points[i] == 0xD7FF ? 0xE000 : points[i] + 1;
        return new String(points, 0, i) + Character.toString(next);
      }
    }
    return null;
  }
}
