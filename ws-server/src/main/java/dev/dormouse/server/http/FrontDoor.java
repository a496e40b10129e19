package dev.dormouse.server.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.dormouse.room.Access;
import dev.dormouse.room.Identity;
import dev.dormouse.room.Namespace;
import dev.dormouse.room.RoomId;
import dev.dormouse.server.jetty.Handshake;
import java.util.Locale;
import java.util.Set;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The public surface: finds out what an address means, whether the client may ask, and who
/// answers.
///
/// Runs on the thread that read the request and never blocks it.
public final class FrontDoor implements Request.Handler {
  /// What a namespace cannot be called, since the server has something else there. `admin` is kept
  /// for later.
  public static final Set<String> ROUTES =
      Set.of("rooms", "status", "queues", "healthz", "readyz", "metrics", "access", "admin");

  /// What a grant calls the metrics, which tell much to those who run the server.
  private static final String METRICS = "metrics";

  private static final Logger LOG = LoggerFactory.getLogger(FrontDoor.class);

  /// Methods that change nothing, so that it does not matter whose page sends them.
  static final Set<String> SAFE = Set.of("GET", "HEAD", "OPTIONS");

  private final Trust trust;
  private final Doorkeeper doorkeeper;
  private final Threshold threshold;
  private final RoomDoor rooms;
  private final QueueDoor queues;

  /// Where a page asks whether it may connect to a room.
  private static final String MAY_ENTER = "/access/rooms/";

  private final Probes probes;
  private final PageShelf pages;

  public FrontDoor(
      Trust trust,
      Doorkeeper doorkeeper,
      Threshold threshold,
      RoomDoor rooms,
      QueueDoor queues,
      Probes probes,
      PageShelf pages) {
    this.trust = trust;
    this.doorkeeper = doorkeeper;
    this.threshold = threshold;
    this.rooms = rooms;
    this.queues = queues;
    this.probes = probes;
    this.pages = pages;
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) {
    Answer answer = new Answer(request, response, callback);
    try {
      trust.checkHost(request);
      String path = path(request);
      if (path.startsWith(MAY_ENTER)) {
        mayEnter(answer, path);
      } else if (!queues.serve(answer)) {
        answer(answer, Address.of(path));
      }
    } catch (Problem.Found found) {
      answer.problem(found.problem());
    } catch (RuntimeException e) {
      LOG.error("a request could not be handled: {} {}", request.getMethod(), path(request), e);
      answer.problem(Problem.of(500, "server-error", "the server failed; its log says how"));
    }
    return true;
  }

  /// The path as it stood in the request line.
  static String path(Request request) {
    String path = request.getHttpURI().getPath();
    return path == null || path.isEmpty() ? "/" : path;
  }

  private void answer(Answer answer, Address address) {
    Request request = answer.request();
    switch (address) {
      case Address.OfRoom(String namespace, String name) -> room(answer, namespace, name);
      case Address.OfRequest(String namespace, String name, String path) ->
          request(answer, namespace, name, path);
      case Address.OfStatus(String namespace, String name) -> {
        reading(request);
        Namespace known = publicNamespace(namespace);
        RoomId room = rooms.room(namespace, name);
        doorkeeper.admit(
            answer, namespace + "/" + name, Access.READ, () -> probes.status(answer, known, room));
      }
      case Address.Health _ -> {
        reading(request);
        probes.health(answer);
      }
      case Address.Ready _ -> {
        reading(request);
        probes.ready(answer);
      }
      case Address.Metrics _ -> {
        reading(request);
        doorkeeper.admit(answer, METRICS, Access.ADMIN, () -> probes.metrics(answer));
      }
      case Address.OfPage(String path) -> {
        if (!pages.serve(answer, path)) {
          throw Problem.of(404, "not-found", "there is nothing at '" + path + "'").found();
        }
      }
    }
  }

  /// Tells a page whether it may connect to a room: browsers do not say why a handshake failed. It
  /// is an answer like any other, whatever it says, since the question was a good one.
  private void mayEnter(Answer answer, String path) {
    reading(answer.request());
    // A room is named there as for its status.
    if (!(Address.of("/status/" + path.substring(MAY_ENTER.length()))
        instanceof Address.OfStatus(String name, String room))) {
      throw Problem.of(404, "not-found", "there is nothing at '" + path + "'").found();
    }
    Namespace namespace = rooms.namespace(name);
    doorkeeper.identify(
        answer,
        Seen.of(answer.request(), doorkeeper.gate().asks()).credentials(),
        person -> {
          Identity identity = doorkeeper.gate().admit(person, namespace, room, Access.READ);
          ObjectNode may = Problem.JSON.createObjectNode();
          may.put("status", 200).put("access", identity.access().name().toLowerCase(Locale.ROOT));
          tell(answer, may);
        },
        no -> {
          Problem problem = Problem.of(no);
          tell(answer, problem.json().put("status", problem.status()));
        });
  }

  private static void tell(Answer answer, ObjectNode may) {
    answer.headers().put("cache-control", "no-store");
    answer.bytes(200, "application/json", Problem.bytes(may));
  }

  private Namespace publicNamespace(String name) {
    Namespace namespace = rooms.namespace(name);
    if (!namespace.publicStatus()) {
      throw Problem.of(
              404, "not-found", "the namespace '" + name + "' does not tell whether rooms sleep")
          .found();
    }
    return namespace;
  }

  private void room(Answer answer, String namespace, String name) {
    Request request = answer.request();
    if (Handshake.wanted(request)) {
      threshold.enter(answer, namespace, name);
      return;
    }
    if (pages.serve(answer, "/" + namespace + "/" + name)) {
      return;
    }
    rooms.namespace(namespace);
    reading(request);
    throw Problem.of(
            426,
            "upgrade-required",
            "here the room speaks WebSocket; its requests are at /rooms/" + namespace + "/...")
        .with("upgrade", "websocket")
        .found();
  }

  private void request(Answer answer, String namespace, String name, String path) {
    Request request = answer.request();
    String origin = request.getHeaders().get(HttpHeader.ORIGIN);
    if (origin != null && trust.crossOrigin(request, origin)) {
      allow(answer, origin);
      if (preflight(request)) {
        answer.empty(204);
        return;
      }
    }
    String method = request.getMethod();
    if (method.equals("TRACE") || method.equals("CONNECT")) {
      throw notAllowed(method, "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS");
    }
    boolean safe = SAFE.contains(method);
    if (!safe) {
      trust.checkOrigin(request);
    }
    Namespace known = rooms.namespace(namespace);
    Seen seen = Seen.of(request, doorkeeper.gate().asks());
    doorkeeper.identify(
        answer,
        seen.credentials(),
        person -> {
          Access wanted = safe ? Access.READ : Access.WRITE;
          Identity identity = doorkeeper.gate().admit(person, known, name, wanted);
          rooms.request(answer, namespace, name, path, seen, identity);
        });
  }

  /// Whether a browser asks on behalf of a page if it may send another request.
  private static boolean preflight(Request request) {
    return request.getMethod().equals("OPTIONS")
        && request.getHeaders().contains("Access-Control-Request-Method");
  }

  /// Tells a browser that the page of an allowed origin may see the answer.
  private static void allow(Answer answer, String origin) {
    answer.headers().put("access-control-allow-origin", origin);
    answer.headers().put("access-control-expose-headers", "etag, retry-after, www-authenticate");
    answer.headers().put("vary", "origin");
    if (preflight(answer.request())) {
      @Nullable String headers =
          answer.request().getHeaders().get("Access-Control-Request-Headers");
      answer.headers().put("access-control-allow-methods", "GET, HEAD, POST, PUT, PATCH, DELETE");
      if (headers != null) {
        answer.headers().put("access-control-allow-headers", headers);
      }
      answer.headers().put("access-control-max-age", "600");
    }
  }

  /// Refuses what is neither GET nor HEAD.
  static void reading(Request request) {
    String method = request.getMethod();
    if (!method.equals("GET") && !method.equals("HEAD")) {
      throw notAllowed(method, "GET, HEAD");
    }
  }

  static Problem.Found notAllowed(String method, String allowed) {
    return Problem.of(405, "method-not-allowed", "'" + method + "' is not possible here")
        .with("allow", allowed)
        .found();
  }
}
