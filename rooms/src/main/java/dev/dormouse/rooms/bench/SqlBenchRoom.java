package dev.dormouse.rooms.bench;

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

/// A counter in SQL: `t` over WebSocket, or `POST tx`, raises it by one statement, and the answer
/// leaves when that is durable; `GET get` reads it.
final class SqlBenchRoom implements Room {
  private final RoomContext context;

  SqlBenchRoom(RoomContext context) {
    this.context = context;
  }

  @Override
  public void onStart(StartCause cause) {
    context
        .storage()
        .sql()
        .exec("CREATE TABLE IF NOT EXISTS counter (id INTEGER PRIMARY KEY, v INTEGER NOT NULL)");
    context.storage().sql().exec("INSERT OR IGNORE INTO counter VALUES (1, 0)");
  }

  @Override
  public Admission onConnect(Upgrade upgrade) {
    return Admission.accept().tagged("all");
  }

  private long raise() {
    return context
        .storage()
        .sql()
        .exec("UPDATE counter SET v = v + 1 WHERE id = 1 RETURNING v")
        .one()
        .getLong(0);
  }

  @Override
  public void onMessage(Connection connection, Message message) {
    if (message instanceof Message.Text text && text.text().equals("t")) {
      connection.send("t" + raise());
    } else {
      connection.close(CloseStatus.of(CloseCode.UNSUPPORTED));
    }
  }

  @Override
  public HttpReply onRequest(HttpCall call) {
    long value =
        switch (call.method() + " " + call.path()) {
          case "POST tx" -> raise();
          case "GET get" ->
              context.storage().sql().exec("SELECT v FROM counter WHERE id = 1").one().getLong(0);
          default -> throw new Refusal.NotFound("there is no '" + call.path() + "' here");
        };
    return HttpReply.text(200, Long.toString(value));
  }
}
