package dev.dormouse.server.http;

import dev.dormouse.hibernation.Exchange;
import dev.dormouse.hibernation.SocketTable;
import dev.dormouse.room.Admission;
import dev.dormouse.room.HttpCall;
import dev.dormouse.room.HttpReply;
import dev.dormouse.room.Identity;
import dev.dormouse.room.Namespace;
import dev.dormouse.room.RoomException;
import dev.dormouse.room.RoomId;
import dev.dormouse.room.Rooms;
import dev.dormouse.room.spi.Event;
import dev.dormouse.room.spi.Execution;
import java.util.Locale;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.Promise;
import org.eclipse.jetty.util.thread.Invocable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Takes requests to rooms and brings back their answers; [Threshold] does so with upgrades. Never
/// blocks: a body is read as it comes, and the answer is written when the room gives it.
public final class RoomDoor {
  private static final Logger LOG = LoggerFactory.getLogger(RoomDoor.class);

  private final Rooms rooms;
  private final SocketTable sockets;
  private final Execution execution;

  public RoomDoor(Rooms rooms, SocketTable sockets, Execution execution) {
    this.rooms = rooms;
    this.sockets = sockets;
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
  /// @param seen what it sees of the rest
  /// @param identity who asks
  void request(
      Answer answer, String namespace, String name, String path, Seen seen, Identity identity) {
    Request request = answer.request();
    int limit = namespace(namespace).limits().requestBytes();
    RoomId room = room(namespace, name);
    String method = request.getMethod().toUpperCase(Locale.ROOT);
    long announced = request.getHeaders().getLongField(HttpHeader.CONTENT_LENGTH);
    if (announced > limit) {
      throw tooLarge(limit).at(room).found();
    }
    boolean bodiless =
        announced <= 0 && !request.getHeaders().contains(HttpHeader.TRANSFER_ENCODING);
    if (bodiless) {
      ask(answer, room, call(method, path, seen, new byte[0], identity));
      return;
    }
    Content.Source.asByteArrayAsync(
        request,
        limit,
        Promise.Invocable.from(
            Invocable.InvocationType.NON_BLOCKING,
            body -> ask(answer, room, call(method, path, seen, body, identity)),
            failure -> answer.problem(unread(failure, limit).at(room))));
  }

  private static HttpCall call(
      String method, String path, Seen seen, byte[] body, Identity identity) {
    return new HttpCall(method, path, seen.query(), seen.headers(), body, identity);
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
}
