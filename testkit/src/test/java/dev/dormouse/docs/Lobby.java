package dev.dormouse.docs;

import dev.dormouse.room.Admission;
import dev.dormouse.room.Connection;
import dev.dormouse.room.Message;
import dev.dormouse.room.Room;
import dev.dormouse.room.RoomContext;
import dev.dormouse.room.Storage;
import dev.dormouse.room.Upgrade;

// tag::first-room
record Lobby(RoomContext context) implements Room {
  @Override
  public Admission onConnect(Upgrade upgrade) {
    return Admission.accept();
  }

  @Override
  public void onMessage(Connection connection, Message message) {
    Storage storage = context.storage();
    long said = storage.getText("said").map(Long::parseLong).orElse(0L) + 1;
    storage.putText("said", Long.toString(said));
    context.connections().broadcast(Message.of("message " + said));
  }
}
// end::first-room
