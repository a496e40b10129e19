package dev.dormouse.server.metrics;

import dev.dormouse.room.Admission;
import dev.dormouse.room.Alarm;
import dev.dormouse.room.Connection;
import dev.dormouse.room.HttpCall;
import dev.dormouse.room.HttpReply;
import dev.dormouse.room.Message;
import dev.dormouse.room.Namespace;
import dev.dormouse.room.Room;
import dev.dormouse.room.RoomContext;
import dev.dormouse.room.RoomLimits;
import dev.dormouse.room.Upgrade;
import java.time.Duration;

/// A room for tests that falls asleep whenever nobody needs it, and does what its clients say.
final class NapRoom implements Room, Napping {
  static final String NAME = "nap";
  static final Duration IDLE = Duration.ofMillis(100);

  private static final int FLOOD_MESSAGES = 200;
  private static final int FLOOD_BYTES = 20_000;

  private final RoomContext context;

  NapRoom(RoomContext context) {
    this.context = context;
  }

  static Namespace namespace() {
    return Namespace.named(NAME, NapRoom::new)
        .calls(Napping.class)
        .limits(RoomLimits.defaults().withIdle(IDLE))
        .build();
  }

  @Override
  public Admission onConnect(Upgrade upgrade) {
    return Admission.accept();
  }

  @Override
  public void onMessage(Connection connection, Message message) {
    String word = message instanceof Message.Text text ? text.text() : "";
    switch (word) {
      case "flood" -> {
        for (int i = 0; i < FLOOD_MESSAGES; i++) {
          connection.send(new byte[FLOOD_BYTES]);
        }
      }
      case "alarms" -> setAlarm();
      default -> connection.send(message);
    }
  }

  private void setAlarm() {
    context.alarms().set("again", context.clock().instant().plus(IDLE.multipliedBy(3)));
  }

  @Override
  public void onAlarm(Alarm alarm) {
    setAlarm();
  }

  @Override
  public HttpReply onRequest(HttpCall call) {
    if (call.path().equals("throw")) {
      throw new IllegalStateException("as you wish");
    }
    return HttpReply.text(200, "awake");
  }

  @Override
  public String nap(String word) {
    return word;
  }
}
