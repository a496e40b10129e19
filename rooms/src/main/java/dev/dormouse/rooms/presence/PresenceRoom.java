package dev.dormouse.rooms.presence;

import dev.dormouse.room.Admission;
import dev.dormouse.room.CloseCode;
import dev.dormouse.room.CloseStatus;
import dev.dormouse.room.Connection;
import dev.dormouse.room.HttpCall;
import dev.dormouse.room.HttpReply;
import dev.dormouse.room.Message;
import dev.dormouse.room.Refusal;
import dev.dormouse.room.Room;
import dev.dormouse.room.RoomContext;
import dev.dormouse.room.StartCause;
import dev.dormouse.room.Upgrade;
import dev.dormouse.rooms.json.BadJsonException;
import dev.dormouse.rooms.json.Json;
import java.util.Collection;
import java.util.Optional;

/// A place where people are. Who comes is told who is here, and from then on who comes, changes and
/// goes; somebody with several connections is one.
///
/// Nothing is stored. The room sleeps while everybody is here and silent: a client's sign of life
/// is answered without it, see [#PING].
final class PresenceRoom implements Room {
  /// Connections of one user: more than anybody has tabs, few enough to go through.
  static final int MAX_TABS = 32;

  /// What a client sends, in exactly these bytes, to know that its line is alive.
  static final Message PING = Message.of("{\"type\":\"ping\"}");

  static final Message PONG = Message.of("{\"type\":\"pong\"}");

  /// Do not reconnect: closing another connection of the same user comes first.
  private static final CloseStatus TOO_MANY =
      new CloseStatus(4429, "a user has at most " + MAX_TABS + " connections here");

  private final RoomContext context;
  private final Roll roll;

  PresenceRoom(RoomContext context) {
    this.context = context;
    this.roll = new Roll(context);
  }

  @Override
  public void onStart(StartCause cause) {
    answerPings();
    if (cause == StartCause.RESET) {
      context.connections().broadcast(here());
    }
  }

  @Override
  public Admission onConnect(Upgrade upgrade) {
    try {
      String user = Said.user(upgrade.parameter("user").orElse(null));
      Optional<String> given = upgrade.parameter("info");
      String info = given.isPresent() ? Said.info(given.get()) : "";
      if (roll.tabs(user) >= MAX_TABS) {
        return Admission.refuse(429, TOO_MANY.reason());
      }
      return Admission.accept().tagged(Roll.tag(user)).attached(Roll.attachment(info));
    } catch (BadJsonException e) {
      return Admission.refuse(400, String.valueOf(e.getMessage()));
    }
  }

  @Override
  public void onOpen(Connection connection) {
    if (roll.tabs(Roll.user(connection)) > MAX_TABS) {
      // Many may have been admitted before the first of them came.
      connection.close(TOO_MANY);
      return;
    }
    if (context.connections().count() == 1) {
      answerPings();
    }
    roll.comes(connection);
  }

  /// Said at the start, and again to the first connection: what is said while there is none may be
  /// forgotten.
  private void answerPings() {
    context.connections().autoResponse(PING, PONG);
  }

  @Override
  public void onMessage(Connection connection, Message message) {
    switch (message) {
      case Message.Binary _ -> connection.close(CloseStatus.of(CloseCode.UNSUPPORTED));
      case Message.Text(byte[] bytes) -> {
        try {
          switch (Said.parse(bytes)) {
            case Said.About(String info) -> roll.changes(connection, info);
            case Said.Who _ -> connection.send(here());
            case Said.Ping _ -> connection.send(PONG);
          }
        } catch (BadJsonException e) {
          connection.send(new Frame.Wrong(String.valueOf(e.getMessage())).framed());
        }
      }
    }
  }

  @Override
  public void onClose(Connection connection, CloseStatus status) {
    roll.goes(connection);
  }

  private Message here() {
    return new Frame.Here(roll.everybody()).framed();
  }

  /// What the room's address answers.
  ///
  /// @param count how many users
  record Summary(int count, int connections, Collection<Frame.Person> users) {}

  @Override
  public HttpReply onRequest(HttpCall call) {
    if (!call.path().isEmpty()) {
      throw new Refusal.NotFound("a presence room has only '/', not '" + call.path() + "'");
    }
    if (!call.method().equals("GET")) {
      return HttpReply.text(405, "allowed here: GET").header("allow", "GET");
    }
    Collection<Frame.Person> users = roll.everybody();
    return HttpReply.json(
        200, Json.write(new Summary(users.size(), context.connections().count(), users)));
  }
}
