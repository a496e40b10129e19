package dev.dormouse.server.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.dormouse.room.Namespace;
import dev.dormouse.room.RoomId;
import dev.dormouse.room.Rooms;
import dev.dormouse.room.SqlFailure;
import dev.dormouse.server.admin.RoomDesk;
import java.util.Set;
import org.eclipse.jetty.server.Request;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The part of the admin port that runs SQL on rooms that have it. Who wanted it goes into the
/// server's log; the statement does not, since there may be anything in it.
record AdminSql(Rooms rooms) {
  private static final Logger LOG = LoggerFactory.getLogger(AdminSql.class);

  /// A statement of the greatest length, with each of its characters escaped, and more.
  private static final int BODY_BYTES = 1 << 20;

  private static final int STATEMENT_CHARS = 100_000;

  static final Set<String> KNOWN = Set.of("id");

  /// What is wanted of a room.
  ///
  /// @param write whether it may change something
  record Wanted(String actor, String statement, boolean write) {}

  /// Whether rooms like this one have SQL.
  boolean has(RoomId room) {
    return rooms.namespace(room.namespace()).filter(Namespace::withSql).isPresent();
  }

  /// Reads a request's body; blocks until it is there.
  ///
  /// @throws Problem.Found with 400, 413 or 415, or 409 if no room of the namespace has SQL
  Wanted wanted(Request request, RoomId room) {
    OrderBody body = OrderBody.of(request, Set.of("actor", "statement", "write"), BODY_BYTES);
    Wanted wanted =
        new Wanted(
            body.actor(),
            body.lines("statement", STATEMENT_CHARS),
            body.json().has("write") && body.truth("write"));
    if (!has(room)) {
      throw Problem.of(409, "refused", "rooms of '" + room.namespace() + "' have no SQL")
          .at(room)
          .found();
    }
    return wanted;
  }

  /// Runs a statement in a turn of the room, which wakes.
  ///
  /// @throws Problem.Found with 400 or 409 if the statement is refused
  ObjectNode run(RoomId room, Wanted wanted) {
    ObjectNode said = json(RoomDesk.sql(rooms, room, wanted.statement(), wanted.write()));
    if (said.has("refused")) {
      SqlFailure.Kind kind = SqlFailure.Kind.valueOf(said.path("refused").asText());
      LOG.info("{} asked {} with SQL that was refused: {}", wanted.actor(), room, kind);
      throw refusal(kind, said.path("message").asText()).at(room).found();
    }
    if (wanted.write()) {
      LOG.warn("{} changed {} rows of {} with SQL", wanted.actor(), rowsWritten(said), room);
    } else {
      LOG.info("{} looked into {} with SQL", wanted.actor(), room);
    }
    return said;
  }

  private static long rowsWritten(ObjectNode said) {
    return said.path("rowsWritten").asLong();
  }

  private static Problem refusal(SqlFailure.Kind kind, String message) {
    return switch (kind) {
      case NOT_ALLOWED -> Problem.of(400, "sql-not-allowed", message);
      case WRONG -> Problem.of(400, "sql-wrong", message);
      case CONSTRAINT -> Problem.of(409, "sql-constraint", message);
      // Nothing else stops a statement in a way that takes its turn with it.
      case OVER_LIMIT, TURN_UNDONE -> Problem.of(400, "sql-over-limit", message);
    };
  }

  private static ObjectNode json(String said) {
    try {
      return (ObjectNode) Problem.JSON.readTree(said);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a room answered with what is no JSON", e);
    }
  }
}
