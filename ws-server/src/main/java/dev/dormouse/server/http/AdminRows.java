package dev.dormouse.server.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.dormouse.room.RoomId;
import dev.dormouse.room.Rooms;
import dev.dormouse.server.admin.RoomDesk;
import dev.dormouse.server.admin.RoomEdit;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The part of the admin port that shows and changes what is stored of a room. Changes go into the
/// server's log with who made them.
record AdminRows(RoomDesk desk, Rooms rooms) implements AdminPart {
  private static final Logger LOG = LoggerFactory.getLogger(AdminRows.class);
  private static final int USUAL = 100;
  private static final int MOST = 1_000;
  private static final int ACTOR_CHARS = 100;

  /// How large a change may be: a room's largest value, in Base64, and more.
  private static final int BODY_BYTES = 8 << 20;

  @Override
  public Set<String> looking() {
    return Set.of("prefix", "after", "limit", "id");
  }

  @Override
  public Set<String> changing() {
    return Set.of("actor", "id");
  }

  @Override
  public ObjectNode look(RoomId room, Parameters given)
      throws IOException, TimeoutException, InterruptedException {
    RoomDesk.Wanted wanted =
        new RoomDesk.Wanted(
            given.text("prefix").orElse(""),
            given.text("after").orElse(""),
            given.number("limit", USUAL, MOST));
    return desk.look(room, wanted)
        .orElseThrow(
            () -> Problem.of(404, "not-found", "nothing is stored of " + room).at(room).found());
  }

  @Override
  public ObjectNode change(Request request, RoomId room, Parameters given) {
    String who = given.text("actor").orElse("");
    if (who.isBlank() || who.length() > ACTOR_CHARS) {
      throw Parameters.bad("'actor' says who does it, in up to " + ACTOR_CHARS + " characters");
    }
    if (room.namespace().startsWith("_")) {
      throw Problem.of(409, "refused", "rooms of '" + room.namespace() + "' are the system's own")
          .found();
    }
    String body = body(request);
    RoomEdit edit;
    try {
      edit = RoomEdit.read(body);
    } catch (IllegalArgumentException e) {
      throw Parameters.bad(String.valueOf(e.getMessage()));
    }
    RoomDesk.edit(rooms, room, body);
    LOG.warn("{} changed {} keys and alarms of {}", who, edit.touched().size(), room);
    ObjectNode json = Problem.JSON.createObjectNode();
    json.put("room", room.toString()).put("changed", edit.touched().size());
    return json;
  }

  private static String body(Request request) {
    try (InputStream in = Content.Source.asInputStream(request)) {
      byte[] bytes = in.readNBytes(BODY_BYTES + 1);
      if (bytes.length > BODY_BYTES) {
        throw Problem.of(413, "too-large", "a change has at most " + BODY_BYTES + " bytes").found();
      }
      return new String(bytes, StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw Parameters.bad("the request's body could not be read: " + e.getMessage());
    }
  }
}
