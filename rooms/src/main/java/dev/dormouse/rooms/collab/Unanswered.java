package dev.dormouse.rooms.collab;

import dev.dormouse.room.Connection;
import dev.dormouse.rooms.yjs.StateVector;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.stream.Stream;

/// Editors whose step 1 waits for its answer while the disk is full, until their step 2 has shown
/// that they bring no change.
///
/// An editor that was answered is in sync, and `y-websocket` then forgets how often it has tried:
/// sent away because of its change it would be back after 200 ms, again and again. One that was not
/// waits longer each time.
///
/// Guarded by the room's turn.
final class Unanswered {
  private final Map<Long, StateVector> known = new HashMap<>();
  private boolean full;

  /// Whether to wait with the answer; false if it is due at once.
  boolean waits(Connection connection, StateVector state) {
    if (full) {
      known.put(connection.key(), state);
    }
    return full;
  }

  /// A change was refused, and its author is sent away.
  void refused(Connection connection) {
    full = true;
    known.remove(connection.key());
  }

  /// A change was stored: nobody needs to wait any more.
  void stored(Stream<Connection> open, BiConsumer<Connection, StateVector> answer) {
    if (full) {
      open.forEach(connection -> harmless(connection, answer));
      known.clear();
      full = false;
    }
  }

  /// It brought nothing that would have to be stored.
  void harmless(Connection connection, BiConsumer<Connection, StateVector> answer) {
    StateVector state = known.remove(connection.key());
    if (state != null) {
      answer.accept(connection, state);
    }
  }
}
