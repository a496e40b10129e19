package dev.dormouse.server;

import dev.dormouse.room.Admission;
import dev.dormouse.room.Alarm;
import dev.dormouse.room.CloseStatus;
import dev.dormouse.room.Connection;
import dev.dormouse.room.HttpCall;
import dev.dormouse.room.HttpReply;
import dev.dormouse.room.Message;
import dev.dormouse.room.Namespace;
import dev.dormouse.room.Room;
import dev.dormouse.room.RoomContext;
import dev.dormouse.room.RoomLimits;
import dev.dormouse.room.SqlStorage;
import dev.dormouse.room.StartCause;
import dev.dormouse.room.Upgrade;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/// A room that falls asleep between two messages whenever it can. Each client's messages are
/// counted in its attachment, all of the room's in its storage: in keys, or in a table.
class DrowsyRoom implements Room {
  /// How often rooms were woken, in all.
  static final AtomicInteger WOKEN = new AtomicInteger();

  /// How long after a client's `ring` its room rings.
  static final Duration RING = Parking.TIME.plusMillis(500);

  private final RoomContext context;

  private DrowsyRoom(RoomContext context) {
    this.context = context;
  }

  static Namespace.Builder namespace(String name, Duration idle) {
    return namespace(name, idle, DrowsyRoom::new);
  }

  /// The same with a table.
  static Namespace.Builder withSql(String name, Duration idle) {
    return namespace(name, idle, OnTable::new).withSql();
  }

  private static Namespace.Builder namespace(
      String name, Duration idle, Function<RoomContext, Room> room) {
    return Namespace.named(name, room).publicStatus().limits(RoomLimits.defaults().withIdle(idle));
  }

  /// Counts in a table.
  private static final class OnTable extends DrowsyRoom {
    private final SqlStorage sql;

    OnTable(RoomContext context) {
      super(context);
      sql = context.storage().sql();
    }

    @Override
    public void onStart(StartCause cause) {
      sql.exec("CREATE TABLE IF NOT EXISTS count (name TEXT PRIMARY KEY, value INTEGER NOT NULL)");
      super.onStart(cause);
    }

    @Override
    int read(String name) {
      return sql.exec("SELECT value FROM count WHERE name = ?", name)
          .first()
          .map(row -> row.getLong(0))
          .orElse(0L)
          .intValue();
    }

    @Override
    void add(String name) {
      sql.exec("INSERT INTO count VALUES (?, 1) ON CONFLICT DO UPDATE SET value = value + 1", name);
    }
  }

  @Override
  public void onStart(StartCause cause) {
    if (cause == StartCause.WOKEN) {
      WOKEN.incrementAndGet();
    }
  }

  @Override
  public Admission onConnect(Upgrade upgrade) {
    return Admission.accept().tagged("all").attached(bytes(0));
  }

  @Override
  public void onMessage(Connection connection, Message message) {
    int count = ByteBuffer.wrap(connection.attachment()).getInt() + 1;
    connection.attach(bytes(count));
    add("messages");
    String text = ((Message.Text) message).text();
    if (text.equals("ring")) {
      context.alarms().set(text, context.clock().instant().plus(RING));
    }
    connection.send(text + " " + count);
  }

  @Override
  public void onAlarm(Alarm alarm) {
    add("rings");
    context.connections().broadcast(Message.of("rang " + read("rings")));
  }

  @Override
  public void onClose(Connection connection, CloseStatus status) {
    add("closes");
  }

  /// Says `messages closes connections`.
  @Override
  public HttpReply onRequest(HttpCall call) {
    return HttpReply.text(
        200, "%d %d %d".formatted(read("messages"), read("closes"), context.connections().count()));
  }

  int read(String key) {
    return context.storage().getText(key).map(Integer::parseInt).orElse(0);
  }

  void add(String key) {
    context.storage().putText(key, Integer.toString(read(key) + 1));
  }

  private static byte[] bytes(int number) {
    return ByteBuffer.allocate(Integer.BYTES).putInt(number).array();
  }
}
