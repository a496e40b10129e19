package dev.dormouse.server.http;

import dev.dormouse.saga.queue.MessageState;
import java.util.Optional;
import java.util.Set;
import org.eclipse.jetty.server.Request;

/// Which messages a request asks for.
///
/// @param state only those in it; empty for all that are not settled
/// @param from the position at which to begin
record AdminQueueQuery(Optional<MessageState> state, long from, int limit) {
  private static final int USUAL = 20;
  private static final int MOST = 100;

  /// Of a group.
  ///
  /// @throws Problem.Found with 400
  static AdminQueueQuery ofGroup(Request request) {
    Parameters given = Parameters.of(request, Set.of("state", "from", "limit"));
    return new AdminQueueQuery(
        state(given.text("state").orElse("open")), from(given), limit(given));
  }

  /// Of a queue's log.
  ///
  /// @throws Problem.Found with 400
  static AdminQueueQuery ofLog(Request request) {
    Parameters given = Parameters.of(request, Set.of("from", "limit"));
    return new AdminQueueQuery(Optional.empty(), from(given), limit(given));
  }

  private static int limit(Parameters given) {
    return given.number("limit", USUAL, MOST);
  }

  private static long from(Parameters given) {
    String text = given.text("from").orElse("0");
    try {
      long from = Long.parseLong(text);
      if (from >= 0) {
        return from;
      }
    } catch (NumberFormatException _) {
      // As any other that is out of range.
    }
    throw Parameters.bad("'from' is a position, not '" + text + "'");
  }

  static Optional<MessageState> state(String word) {
    return switch (word) {
      case "open" -> Optional.empty();
      case "ready" -> Optional.of(MessageState.READY);
      case "delayed" -> Optional.of(MessageState.DELAYED);
      case "leased" -> Optional.of(MessageState.LEASED);
      case "dead" -> Optional.of(MessageState.DEAD);
      default ->
          throw Parameters.bad(
              "'state' is open, ready, delayed, leased or dead, not '" + word + "'");
    };
  }
}
