package dev.dormouse.e2e;

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
import java.time.Instant;

/// A room whose code is as bad as its clients say: `storm` has it set an alarm for now in every
/// alarm until somebody says `calm`, `throw` has it throw, `much` has it say much. It echoes
/// everything else, and says as much to who asks for `/-/much`.
record AbusedRoom(RoomContext context) implements Room {
  private static final String STORM = "storm";
  private static final String CALM = "calm";

  /// How much it says, in bytes, and never the same ones.
  static final int MUCH = 5 * 1024 * 1024;

  static Namespace namespace() {
    return Namespace.named("abused", AbusedRoom::new)
        .publicStatus()
        .limits(RoomLimits.defaults().withIdle(Duration.ofSeconds(2)))
        .build();
  }

  @Override
  public Admission onConnect(Upgrade upgrade) {
    return Admission.accept();
  }

  @Override
  public void onMessage(Connection connection, Message message) {
    switch (message instanceof Message.Text text && text.bytes().length < 16 ? text.text() : "") {
      case STORM -> context.alarms().set(STORM, Instant.EPOCH);
      case CALM -> context.storage().putText(CALM, "");
      case "much" -> {
        connection.send(new byte[MUCH]);
        return;
      }
      case "throw" -> throw new IllegalStateException("as you wish");
      default -> {}
    }
    connection.send(message);
  }

  @Override
  public HttpReply onRequest(HttpCall call) throws Exception {
    if (call.path().equals("much")) {
      return HttpReply.bytes(200, "application/octet-stream", new byte[MUCH]);
    }
    return Room.super.onRequest(call);
  }

  @Override
  public void onAlarm(Alarm alarm) {
    if (context.storage().get(CALM).isEmpty()) {
      context.alarms().set(STORM, Instant.EPOCH);
    } else {
      context.storage().delete(CALM);
    }
  }
}
