package dev.dormouse.saga.facility;

import dev.dormouse.room.RoomId;
import dev.dormouse.room.spi.RoomStore.Mark;
import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Where a page of marks ended, as text.
final class Cursor {
  private static final Pattern TEXT =
      Pattern.compile("([^/]+/[^/]+/[^/]+/[0-9]+/[^/]+)/([^/:]+):([0-9a-f]{64})");

  private Cursor() {}

  static String text(Mark mark) {
    return mark.name() + "/" + Lane.word(mark.room());
  }

  /// @throws IllegalArgumentException if it is none
  static Mark parse(String text) {
    Matcher parts = TEXT.matcher(text);
    if (!parts.matches()) {
      throw new IllegalArgumentException("no page ended there: '" + text + "'");
    }
    RoomId room = RoomId.of(parts.group(2), HexFormat.of().parseHex(parts.group(3)), null);
    return new Mark(room, parts.group(1), new byte[0]);
  }
}
