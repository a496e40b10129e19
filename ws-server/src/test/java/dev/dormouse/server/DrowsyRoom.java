package dev.dormouse.server;

import dev.dormouse.room.Admission;
import dev.dormouse.room.CloseStatus;
import dev.dormouse.room.Connection;
import dev.dormouse.room.HttpCall;
import dev.dormouse.room.HttpReply;
import dev.dormouse.room.Message;
import dev.dormouse.room.Namespace;
import dev.dormouse.room.Room;
import dev.dormouse.room.RoomContext;
import dev.dormouse.room.RoomLimits;
import dev.dormouse.room.StartCause;
import dev.dormouse.room.Upgrade;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/// A room that falls asleep between two messages whenever it can. Each client's messages are
/// counted in its attachment, all of the room's in its storage.
final class DrowsyRoom implements Room {
  /// How often rooms were woken, in all.
  static final AtomicInteger WOKEN = new AtomicInteger();

  private final RoomContext context;

  private DrowsyRoom(RoomContext context) {
    this.context = context;
  }

  static Namespace.Builder namespace(String name, Duration idle) {
    return Namespace.named(name, DrowsyRoom::new)
        .publicStatus()
        .limits(RoomLimits.defaults().withIdle(idle));
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
    connection.send(((Message.Text) message).text() + " " + count);
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

  private int read(String key) {
    return context.storage().getText(key).map(Integer::parseInt).orElse(0);
  }

  private void add(String key) {
    context.storage().putText(key, Integer.toString(read(key) + 1));
  }

  private static byte[] bytes(int number) {
    return ByteBuffer.allocate(Integer.BYTES).putInt(number).array();
  }
}
