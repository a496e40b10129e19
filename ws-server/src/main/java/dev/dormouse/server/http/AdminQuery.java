package dev.dormouse.server.http;

import dev.dormouse.room.RoomId;
import dev.dormouse.room.Rooms;
import dev.dormouse.server.admin.Cursor;
import dev.dormouse.server.admin.RoomQuery;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.eclipse.jetty.server.Request;
import org.jspecify.annotations.Nullable;

/// Reads what a request to the admin port asks about, and refuses what cannot be.
///
/// @param namespaces the names of all that are declared, in order
record AdminQuery(Rooms rooms, List<String> namespaces) {
  private static final Set<String> LISTING =
      Set.of("namespace", "state", "search", "after", "limit");

  /// The list that a request asks for.
  ///
  /// @throws Problem.Found with 400 or 404
  RoomQuery list(Request request) {
    Parameters given = Parameters.of(request, LISTING);
    Optional<String> namespace = given.text("namespace");
    if (namespace.isPresent()) {
      known(namespace.get());
    }
    RoomQuery.State state =
        switch (given.text("state").orElse("any")) {
          case "awake" -> RoomQuery.State.AWAKE;
          case "asleep" -> RoomQuery.State.ASLEEP;
          case "any" -> RoomQuery.State.ANY;
          case String other ->
              throw Parameters.bad("'state' is awake, asleep or any, not '" + other + "'");
        };
    List<String> within = namespace.map(List::of).orElse(namespaces);
    return new RoomQuery(
        within,
        state,
        given.text("search").orElse(""),
        given.text("after").map(text -> cursor(text, within)).orElse(null),
        given.number("limit", RoomQuery.USUAL, RoomQuery.MOST));
  }

  private static Cursor cursor(String text, List<String> within) {
    try {
      Cursor cursor = Cursor.of(text);
      if (within.contains(cursor.after().namespace())) {
        return cursor;
      }
    } catch (IllegalArgumentException _) {
      // Answered as one of another list.
    }
    throw Parameters.bad("'after' is what 'next' was in an answer to the same question");
  }

  private void known(String namespace) {
    if (rooms.namespace(namespace).isEmpty()) {
      throw Problem.of(404, "unknown-namespace", "there is no namespace '" + namespace + "'")
          .found();
    }
  }

  /// The room that a request is about.
  ///
  /// @param name null if the query has the id
  /// @throws Problem.Found with 400 or 404
  RoomId room(Request request, String namespace, @Nullable String name) {
    return room(namespace, name, Parameters.of(request, name == null ? Set.of("id") : Set.of()));
  }

  /// The same where a query says more.
  RoomId room(String namespace, @Nullable String name, Parameters given) {
    known(namespace);
    if (name != null) {
      return named(() -> rooms.idFromName(namespace, name));
    }
    String hex =
        given
            .text("id")
            .orElseThrow(
                () -> Parameters.bad("a room is named in the path, or by its id: ?id=<64 digits>"));
    return named(() -> rooms.idFromString(namespace, hex));
  }

  private interface Naming {
    RoomId id();
  }

  private static RoomId named(Naming naming) {
    try {
      return naming.id();
    } catch (IllegalArgumentException e) {
      throw Problem.of(400, "bad-name", String.valueOf(e.getMessage())).found();
    }
  }
}
