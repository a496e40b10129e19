package dev.dormouse.rooms.collab;

import dev.dormouse.room.Connection;
import dev.dormouse.rooms.yjs.StateVector;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Editors whose step 1 waits for its answer while changes are refused, until their step 2 has
/// shown that they bring no change.
///
/// An editor that was answered is in sync, and `y-websocket` then forgets how often it has tried:
/// sent away because of its change it would be back after 200 ms, again and again. One that was not
/// waits longer each time.
///
/// Guarded by the room's turn.
final class Unanswered {
  /// How many clients all that waits here may name together. What is beyond is answered at once,
  /// which only costs its editor's patience.
  static final int MOST_CLIENTS = 65_536;

  private final Map<Long, StateVector> known = new HashMap<>();

  /// How many `known` names, and one for each entry.
  private int clients;

  private boolean full;

  /// Whether to wait with the answer; false if it is due at once.
  boolean waits(Connection connection, StateVector state) {
    var _ = forget(connection);
    if (!full || clients + state.clients() + 1 > MOST_CLIENTS) {
      return false;
    }
    known.put(connection.key(), state);
    clients += state.clients() + 1;
    return true;
  }

  private @Nullable StateVector forget(Connection connection) {
    StateVector state = known.remove(connection.key());
    if (state != null) {
      clients -= state.clients() + 1;
    }
    return state;
  }

  /// A change was refused, and its author is sent away.
  void refused(Connection connection) {
    full = true;
    var _ = forget(connection);
  }

  /// A change was stored: nobody needs to wait any more.
  void stored(Stream<Connection> open, BiConsumer<Connection, StateVector> answer) {
    if (full) {
      open.forEach(connection -> harmless(connection, answer));
      known.clear();
      clients = 0;
      full = false;
    }
  }

  /// It brought nothing that would have to be stored.
  void harmless(Connection connection, BiConsumer<Connection, StateVector> answer) {
    StateVector state = forget(connection);
    if (state != null) {
      answer.accept(connection, state);
    }
  }
}
