package dev.dormouse.server.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.dormouse.hibernation.Visit;
import dev.dormouse.room.CloseCode;
import dev.dormouse.room.CloseStatus;
import dev.dormouse.room.RoomId;
import dev.dormouse.server.admin.Guests;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Instant;
import java.util.Set;
import org.eclipse.jetty.server.Request;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The part of the admin port that shows who is connected to a room, and closes single connections.
/// Who wanted that goes into the server's log.
record AdminGuests(Guests guests) implements AdminPart {
  private static final Logger LOG = LoggerFactory.getLogger(AdminGuests.class);
  private static final int USUAL = 100;
  private static final int MOST = 1_000;

  /// From here on codes are for rooms and their clients to choose.
  private static final int OWN_CODES = 3_000;

  @Override
  public Set<String> looking() {
    return Set.of("after", "limit", "id");
  }

  @Override
  public Set<String> changing() {
    return Set.of("id");
  }

  /// A page of a room's connections, in the order of their keys.
  @Override
  public ObjectNode look(RoomId room, Parameters given) {
    int limit = given.number("limit", USUAL, MOST);
    long after = given.text("after").map(AdminGuests::key).orElse(0L);
    Visit.Page page = guests.of(room, after, limit);
    ObjectNode json = Problem.JSON.createObjectNode();
    ArrayNode connections = json.putArray("connections");
    page.visits().forEach(visit -> put(connections.addObject(), visit));
    json.put("all", page.all());
    if (page.more()) {
      json.put("next", Long.toString(page.visits().getLast().key()));
    }
    return json;
  }

  private static long key(String text) {
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException _) {
      throw Parameters.bad("'after' is the key of a connection, a whole number");
    }
  }

  private static void put(ObjectNode json, Visit visit) {
    json.put("key", visit.key());
    ArrayNode tags = json.putArray("tags");
    visit.tags().stream().sorted().forEach(tags::add);
    json.put("since", Instant.ofEpochSecond(visit.since()).toString());
    json.put("parked", visit.parked());
    json.put("access", visit.reader() ? "read" : "write");
    if (visit.closing()) {
      json.put("closing", true);
    }
    SocketAddress peer = visit.peer();
    if (peer != null) {
      json.put("address", words(peer));
    }
  }

  /// Without looking for its name.
  private static String words(SocketAddress peer) {
    if (!(peer instanceof InetSocketAddress it) || it.getAddress() == null) {
      return peer.toString();
    }
    String host = it.getAddress().getHostAddress();
    if (it.getPort() == 0) {
      return host; // of a proxy's client
    }
    return host.contains(":") ? "[" + host + "]:" + it.getPort() : host + ":" + it.getPort();
  }

  /// Closes one connection.
  ///
  /// @throws Problem.Found with 404 if the room has no such connection
  @Override
  public ObjectNode change(Request request, RoomId room, Parameters given) {
    OrderBody body = OrderBody.of(request, Set.of("actor", "key", "code", "reason"));
    String actor = body.actor();
    long key = body.number("key").orElseThrow(() -> Parameters.bad("'key' is the connection's"));
    CloseStatus status =
        status(body.number("code").orElse(CloseCode.NORMAL.code()), body.optional("reason"));
    if (!guests.close(room, key, status)) {
      throw Problem.of(404, "not-found", room + " has no open connection " + key).at(room).found();
    }
    LOG.warn(
        "{} closed connection {} of {} with {} '{}'",
        actor,
        key,
        room,
        status.code(),
        status.reason());
    ObjectNode json = Problem.JSON.createObjectNode();
    AdminJson.identity(json, room);
    json.put("key", key).put("code", status.code()).put("reason", status.reason());
    return json;
  }

  private static CloseStatus status(long code, String reason) {
    boolean possible =
        code == CloseCode.NORMAL.code()
            || code == CloseCode.GOING_AWAY.code()
            || (code >= OWN_CODES && code <= 4_999);
    if (!possible) {
      throw Parameters.bad("'code' is 1000, 1001 or 3000 to 4999, not " + code);
    }
    try {
      return new CloseStatus((int) code, reason);
    } catch (IllegalArgumentException e) {
      throw Parameters.bad(String.valueOf(e.getMessage()));
    }
  }
}
