package dev.dormouse.saga.facility;

import dev.dormouse.room.RoomId;
import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Names a command for an answer that comes later.
///
/// @param number of the letter that brought it: letters of a lane are never numbered anew, so the
///   token of a saga that is long forgotten does not fit a later one of the same id
record Token(RoomId owner, String saga, int step, long number) {
  private static final Pattern TEXT =
      Pattern.compile("([^/:]+):([0-9a-f]{64})/([^/]+)/([0-9]{1,9})/([0-9]{1,18})");

  String text() {
    return Lane.word(owner) + "/" + saga + "/" + step + "/" + number;
  }

  /// Reads [#text]. The owner has no name then.
  ///
  /// @throws IllegalArgumentException if it is none
  static Token parse(String text) {
    Matcher parts = TEXT.matcher(text);
    if (!parts.matches()) {
      throw new IllegalArgumentException("not the token of a command: '" + text + "'");
    }
    RoomId owner = RoomId.of(parts.group(1), HexFormat.of().parseHex(parts.group(2)), null);
    return new Token(
        owner, parts.group(3), Integer.parseInt(parts.group(4)), Long.parseLong(parts.group(5)));
  }
}
