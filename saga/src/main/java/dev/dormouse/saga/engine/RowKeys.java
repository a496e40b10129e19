package dev.dormouse.saga.engine;

import java.util.regex.Pattern;

/// Under which keys sagas are kept in the storage of their room, below whatever prefix the
/// embedding reserves for them.
public final class RowKeys {
  /// Of everything about sagas, but dead rows.
  public static final String SAGAS = "saga/";

  /// Of dead rows.
  public static final String DEAD = "dead/";

  /// Of what a room remembers as a participant.
  public static final String PARTICIPANT = "part/";

  private static final Pattern ID = Pattern.compile("[A-Za-z0-9._:-]{1,128}");

  private RowKeys() {}

  /// @throws IllegalArgumentException if a saga cannot have this id
  public static void check(String saga) {
    if (!ID.matcher(saga).matches()) {
      throw new IllegalArgumentException(
          "a saga's id has 1 to 128 letters, digits, '.', '_', ':' and '-': '" + saga + "'");
    }
  }

  /// Of the saga's own row, see [Sheet].
  public static String head(String saga) {
    return SAGAS + saga;
  }

  /// Of all rows of one saga but its own.
  public static String prefix(String saga) {
    return SAGAS + saga + "/";
  }

  /// Unless it is in the head; likewise a result.
  public static String input(String saga) {
    return prefix(saga) + "input";
  }

  public static String result(String saga, int step) {
    return prefix(saga) + "result/" + step;
  }

  /// Of a command as it was first sent.
  public static String command(String saga, Way way, int step) {
    return prefix(saga) + way.word() + "/" + step;
  }

  /// Of a full block of the log. Sorts in the order of the lines.
  ///
  /// @param n of the block's first line
  public static String log(String saga, int n) {
    return prefix(saga) + "log/" + "%09d".formatted(n);
  }

  public static String dead(String saga, int step, Way way) {
    return DEAD + saga + "/" + step + "/" + way.word();
  }

  /// Of the participant's record.
  public static String participant(String saga, int step) {
    return PARTICIPANT + saga + "/" + step;
  }
}
