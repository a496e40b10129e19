package dev.dormouse.server.http;

import dev.dormouse.hibernation.Exchange;
import dev.dormouse.hibernation.SocketTable;
import dev.dormouse.room.Admission;
import dev.dormouse.room.HttpCall;
import dev.dormouse.room.HttpReply;
import dev.dormouse.room.Namespace;
import dev.dormouse.room.RoomException;
import dev.dormouse.room.RoomId;
import dev.dormouse.room.Rooms;
import dev.dormouse.room.Upgrade;
import dev.dormouse.room.spi.Event;
import dev.dormouse.room.spi.Execution;
import dev.dormouse.server.jetty.Handshake;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.Promise;
import org.eclipse.jetty.util.thread.Invocable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Takes requests and upgrades to rooms and brings back their answers. Never blocks: a body is read
/// as it comes, and the answer is written when the room gives it.
public final class RoomDoor {
  private static final Logger LOG = LoggerFactory.getLogger(RoomDoor.class);

  private final Rooms rooms;
  private final SocketTable sockets;
  private final Handshake handshake;
  private final Execution execution;

  public RoomDoor(Rooms rooms, SocketTable sockets, Handshake handshake, Execution execution) {
    this.rooms = rooms;
    this.sockets = sockets;
    this.handshake = handshake;
    this.execution = execution;
  }

  /// The declaration of a namespace that clients may reach.
  ///
  /// @throws Problem.Found with 404
  Namespace namespace(String name) {
    return rooms
        .namespace(name)
        .filter(namespace -> !namespace.isSystem())
        .orElseThrow(() ->
            Problem.of(404, "unknown-namespace", "there is no namespace '" + name + "'").found());
  }

  /// The id of a room.
  ///
  /// @throws Problem.Found with 404 or 400
  RoomId room(String namespace, String name) {
    Namespace declared = namespace(namespace);
    try {
      return rooms.idFromName(declared.name(), name);
    } catch (IllegalArgumentException e) {
      throw Problem.of(400, "bad-name", String.valueOf(e.getMessage())).found();
    }
  }

  /// Passes a request on to a room.
  ///
  /// @param path what the room sees as the request's path
  void request(Answer answer, String namespace, String name, String path) {
    Request request = answer.request();
    int limit = namespace(namespace).limits().requestBytes();
    RoomId room = room(namespace, name);
    var query = Decoding.query(request.getHttpURI().getQuery());
    Map<String, List<String>> headers = headers(request);
    String method = request.getMethod().toUpperCase(Locale.ROOT);
    long announced = request.getHeaders().getLongField(HttpHeader.CONTENT_LENGTH);
    if (announced > limit) {
      throw tooLarge(limit).at(room).found();
    }
    boolean bodiless =
        announced <= 0 && !request.getHeaders().contains(HttpHeader.TRANSFER_ENCODING);
    if (bodiless) {
      ask(answer, room, new HttpCall(method, path, query, headers, new byte[0]));
      return;
    }
    Content.Source.asByteArrayAsync(
        request,
        limit,
        Promise.Invocable.from(
            Invocable.InvocationType.NON_BLOCKING,
            body -> ask(answer, room, new HttpCall(method, path, query, headers, body)),
            failure -> answer.problem(unread(failure, limit).at(room))));
  }

  private void ask(Answer answer, RoomId room, HttpCall call) {
    try {
      sockets.ask(room, new Asked(answer, room), number -> new Event.Requested(number, call));
    } catch (RuntimeException e) {
      LOG.atError().addKeyValue("room", room).setCause(e).log("a request could not be handed over");
      answer.problem(
          Problem.of(500, "server-error", "the server failed; its log says how").at(room));
    }
  }

  private static Problem tooLarge(int limit) {
    return Problem.of(413, "too-large", "a request's body has at most " + limit + " bytes here");
  }

  private static Problem unread(Throwable failure, int limit) {
    Throwable cause = failure.getCause() == null ? failure : failure.getCause();
    return switch (cause) {
      case HttpException http -> Problem.ofStatus(http.getCode(), http.getReason());
      // What Jetty completes with when there is more than the limit.
      case IllegalStateException _ -> tooLarge(limit);
      default ->
          Problem.of(
              400, "bad-request", "the request's body could not be read: " + cause.getMessage());
    };
  }

  /// A client that waits for a reply.
  private final class Asked implements Exchange {
    private final Answer answer;
    private final RoomId room;

    Asked(Answer answer, RoomId room) {
      this.answer = answer;
      this.room = room;
    }

    @Override
    public void admit(Admission admission) {
      throw new IllegalStateException("a request is not answered with an admission");
    }

    @Override
    public void reply(HttpReply reply) {
      answer.reply(reply, execution);
    }

    @Override
    public void decline(RoomException error) {
      answer.problem(Problem.of(error, room));
    }
  }

  /// Asks a room to admit a WebSocket.
  void upgrade(Answer answer, String namespace, String name) {
    Request request = answer.request();
    int limit = namespace(namespace).limits().messageBytes();
    RoomId room = room(namespace, name);
    Optional<String> fault = Handshake.fault(request);
    if (fault.isPresent()) {
      throw Problem.of(400, "bad-handshake", fault.get()).at(room).found();
    }
    if (!Handshake.versionKnown(request)) {
      throw Problem.of(426, "bad-handshake", "this server speaks WebSocket version 13")
          .at(room)
          .with("sec-websocket-version", "13")
          .found();
    }
    Upgrade upgrade =
        new Upgrade(
            Decoding.query(request.getHttpURI().getQuery()),
            headers(request),
            Handshake.offered(request),
            Request.getRemoteAddr(request));
    sockets.ask(
        room,
        new Knocking(answer, room, limit, upgrade.subProtocols()),
        number -> new Event.Connect(number, upgrade));
  }

  /// A client that waits to be let in.
  private final class Knocking implements Exchange {
    private final Answer answer;
    private final RoomId room;
    private final int messageBytes;
    private final List<String> offered;

    Knocking(Answer answer, RoomId room, int messageBytes, List<String> offered) {
      this.answer = answer;
      this.room = room;
      this.messageBytes = messageBytes;
      this.offered = offered;
    }

    @Override
    public void admit(Admission admission) {
      switch (admission) {
        case Admission.Refused(int status, String reason) ->
            answer.problem(Problem.of(status, "refused", reason).at(room));
        case Admission.Accepted accepted -> {
          Optional<String> chosen = accepted.protocol();
          if (chosen.isPresent() && !offered.contains(chosen.get())) {
            LOG.atError()
                .addKeyValue("room", room)
                .log("the room chose the sub-protocol '{}', which was not offered", chosen.get());
            answer.problem(
                Problem.of(
                        500, "server-error", "the room chose a sub-protocol that was not offered")
                    .at(room));
            return;
          }
          // Not here, among the room's other effects: opening the socket posts an event.
          answer.request().getComponents().getExecutor().execute(() -> complete(accepted));
        }
      }
    }

    private void complete(Admission.Accepted accepted) {
      try {
        handshake.complete(
            answer.request(), answer.response(), answer.callback(), room, messageBytes, accepted);
      } catch (RuntimeException e) {
        answer.callback().failed(e);
      }
    }

    @Override
    public void reply(HttpReply reply) {
      throw new IllegalStateException("an upgrade is not answered with a reply");
    }

    @Override
    public void decline(RoomException error) {
      answer.problem(Problem.of(error, room));
    }
  }

  private static Map<String, List<String>> headers(Request request) {
    HttpFields fields = request.getHeaders();
    Map<String, List<String>> headers = new TreeMap<>();
    for (HttpField field : fields) {
      headers
          .computeIfAbsent(field.getLowerCaseName(), _ -> new ArrayList<>(1))
          .add(field.getValue() == null ? "" : field.getValue());
    }
    return headers;
  }
}
