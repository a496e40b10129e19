package dev.dormouse.loadtest;

import java.io.IOException;
import java.net.URI;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What a room tells of itself (`/info`, or `i` on a connection).
final class Info {
  private static final Pattern BUILT = Pattern.compile("\"ctorRoom\": *([0-9]{1,18})\\b");

  private Info() {}

  /// How often the room was built in its process: one more after each sleep.
  ///
  /// @throws WireException if `info` does not say
  static long built(String info) {
    Matcher built = BUILT.matcher(info);
    if (!built.find()) {
      throw new WireException("an info without 'ctorRoom': " + info);
    }
    return Long.parseLong(built.group(1));
  }

  /// Asks over HTTP, which wakes the room.
  static long built(URI server, String room) throws IOException {
    return built(Http.get(server, "/info/" + room));
  }
}
