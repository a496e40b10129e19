package dev.dormouse.loadtest;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What a room tells of itself (`/info`, or `i` on a connection).
final class Info {
  private static final Pattern BUILT = Pattern.compile("\"ctorRoom\": *([0-9]{1,18})\\b");

  private static final Pattern SOCKETS = Pattern.compile("\"sockets\": *([0-9]{1,9})\\b");
  private static final Duration PATIENCE = Duration.ofSeconds(20);

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

  /// How many connections the room has.
  ///
  /// @throws WireException if `info` does not say
  static int sockets(String info) {
    Matcher sockets = SOCKETS.matcher(info);
    if (!sockets.find()) {
      throw new WireException("an info without 'sockets': " + info);
    }
    return Integer.parseInt(sockets.group(1));
  }

  /// Waits until the room has so many connections: a client knows that its handshake is over a
  /// little before the room has let it join, and a broadcast reaches those that have joined.
  ///
  /// @throws WireException if it has not after 20 s
  static void awaitSockets(URI server, String room, int count) throws IOException {
    long end = System.nanoTime() + PATIENCE.toNanos();
    int sockets = sockets(Http.get(server, "/info/" + room));
    while (sockets != count) {
      if (System.nanoTime() > end) {
        throw new WireException(
            "the room %s has %d connections, and not %d".formatted(room, sockets, count));
      }
      Thread.onSpinWait();
      sockets = sockets(Http.get(server, "/info/" + room));
    }
  }
}
