package dev.dormouse.server.http;

import dev.dormouse.room.Identity;
import dev.dormouse.server.jetty.Handshake;
import java.util.function.LongSupplier;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/// The bench room's contract at the root of a port of its own, so that one client can measure this
/// server and others side by side. Maps its paths onto the namespaces `bench`, `bench-sagas` and
/// `bench-sql`, which has the rooms whose names begin with `sql/`. It asks nobody who he is, but is
/// for programs of this machine only: other people's pages in its browsers are refused.
public final class BenchDoor implements Request.Handler {
  private static final String NAMESPACE = "bench";
  private static final String SAGAS = "bench-sagas";
  private static final String SQL = "bench-sql";
  private static final String OF_SQL = "sql/";

  private final Trust trust = Trust.ownPagesOnly();
  private final RoomDoor rooms;
  private final Threshold threshold;
  private final LongSupplier rung;

  /// @param threshold one that asks nobody
  /// @param rung how many alarms have rung since the start, of all rooms: `/metrics` says that too,
  ///   but an answer of it costs as much as many alarms do
  public BenchDoor(RoomDoor rooms, Threshold threshold, LongSupplier rung) {
    this.rooms = rooms;
    this.threshold = threshold;
    this.rung = rung;
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) {
    Answer answer = new Answer(request, response, callback);
    try {
      trust.checkHost(request);
      trust.checkOrigin(request);
      answer(answer, FrontDoor.path(request));
    } catch (Problem.Found found) {
      answer.problem(found.problem());
    }
    return true;
  }

  private void answer(Answer answer, String path) {
    if (path.equals("/ping")) {
      answer.text(200, "pong");
      return;
    }
    if (path.equals("/rung")) {
      answer.text(200, Long.toString(rung.getAsLong()));
      return;
    }
    String[] parts = path.split("/", 3);
    if (parts.length < 3) {
      throw nothing(path);
    }
    String whole = Address.name(parts[2]);
    String namespace = whole.startsWith(OF_SQL) ? SQL : NAMESPACE;
    String name = namespace.equals(SQL) ? whole.substring(OF_SQL.length()) : whole;
    switch (parts[1]) {
      case "ws" -> upgrade(answer, namespace, name);
      case "sagas-ws" -> upgrade(answer, SAGAS, name);
      case "sagas" -> request(answer, SAGAS, name, parts[1]);
      case "tx", "get", "info", "alarm" -> request(answer, namespace, name, parts[1]);
      default -> throw nothing(path);
    }
  }

  private void request(Answer answer, String namespace, String name, String path) {
    Seen seen = Seen.of(answer.request(), false);
    rooms.request(answer, namespace, name, path, seen, Identity.unasked());
  }

  private void upgrade(Answer answer, String namespace, String name) {
    if (!Handshake.wanted(answer.request())) {
      throw Problem.of(426, "upgrade-required", "this path speaks WebSocket")
          .with("upgrade", "websocket")
          .found();
    }
    threshold.enter(answer, namespace, name);
  }

  private static Problem.Found nothing(String path) {
    return Problem.of(404, "not-found", "there is nothing at '" + path + "'").found();
  }
}
