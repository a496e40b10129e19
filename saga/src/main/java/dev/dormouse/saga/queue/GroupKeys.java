package dev.dormouse.saga.queue;

import java.util.HexFormat;

/// The keys of a group's rows. Numbers are 16 hexadecimal digits, so that keys sort as they do.
///
/// | key | holds |
/// |---|---|
/// | `group` | [GroupHeader] |
/// | `m/<position>` | an unresolved message: [MessageRow] |
/// | `r/<position>` | it can be handed out: ready, and first of its ordering key |
/// | `t/<time>/<position>` | its delay or lease ends then |
/// | `o/<hash of ordering key>/<position>` | it stands in that line |
/// | `z/<position>` | a message that was given up: [MessageRow] |
/// | `x/<position>` | its dead letter has still to be sent |
/// | `s/<number>` | remembered keys: [SeenKeys] |
final class GroupKeys {
  static final String HEADER = "group";
  static final String MESSAGES = "m/";
  static final String READY = "r/";
  static final String TIMES = "t/";
  static final String DEAD = "z/";
  static final String LETTERS = "x/";
  static final String SEEN = "s/";
  private static final String LINES = "o/";
  private static final HexFormat HEX = HexFormat.of();
  private static final int DIGITS = 16;

  private GroupKeys() {}

  static String at(String prefix, long number) {
    return prefix + HEX.toHexDigits(number);
  }

  /// Behind all keys with `prefix`, which ends with a slash.
  static String end(String prefix) {
    return prefix.substring(0, prefix.length() - 1) + (char) ('/' + 1);
  }

  static String time(long time, long position) {
    return at(TIMES, time) + "/" + HEX.toHexDigits(position);
  }

  static long timeOf(String key) {
    return HexFormat.fromHexDigitsToLong(key, TIMES.length(), TIMES.length() + DIGITS);
  }

  /// Where the line of an ordering key lies, by its hash.
  static String line(String hash) {
    return LINES + hash + "/";
  }

  /// The position at the end of any key that has one.
  static long position(String key) {
    return HexFormat.fromHexDigitsToLong(key, key.length() - DIGITS, key.length());
  }
}
