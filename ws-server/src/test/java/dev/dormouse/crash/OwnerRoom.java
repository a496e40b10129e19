package dev.dormouse.crash;

import dev.dormouse.room.Admission;
import dev.dormouse.room.CloseStatus;
import dev.dormouse.room.Connection;
import dev.dormouse.room.HttpCall;
import dev.dormouse.room.HttpReply;
import dev.dormouse.room.Message;
import dev.dormouse.room.Refusal;
import dev.dormouse.room.Room;
import dev.dormouse.room.RoomContext;
import dev.dormouse.room.Upgrade;
import dev.dormouse.saga.Outgoing;
import dev.dormouse.saga.Queues;
import dev.dormouse.saga.SagaNews;
import dev.dormouse.saga.SagaOwner;
import dev.dormouse.saga.Sagas;
import java.nio.charset.StandardCharsets;

/// Starts sagas, and keeps a row of its own for each thing that clients had it do.
///
/// | row | meaning |
/// |---|---|
/// | `asked/{saga}` | a saga was started |
/// | `parcel/{op}` | a parcel was sent |
/// | `swap/{version}` | the op that moved the room on from this version |
/// | `heard/{saga}` | how a saga has ended, as the room was told |
final class OwnerRoom implements Room, OwnerCalls, SagaOwner {
  private final RoomContext context;

  OwnerRoom(RoomContext context) {
    this.context = context;
  }

  // ---- clients of a real server, each with a line

  @Override
  public HttpReply onRequest(HttpCall call) {
    return HttpReply.text(200, Lines.told(this, call.text().split(" ", -1)));
  }

  @Override
  public Admission onConnect(Upgrade upgrade) {
    return Admission.accept();
  }

  @Override
  public void onMessage(Connection connection, Message message) {
    String line = new String(message.bytes(), StandardCharsets.UTF_8);
    connection.send(Lines.told(this, line.split(" ", -1)));
  }

  /// Whoever asked finds its connection closed, and asks again over HTTP.
  @Override
  public void onRefused(Connection connection, Refusal refusal) {
    connection.close(new CloseStatus(4000 + refusal.status(), "refused"));
  }

  // ---- what they ask

  @Override
  public String begin(String definition, String saga, Errand errand) {
    String row = "asked/" + saga;
    if (context.storage().get(row).isEmpty()) {
      context.storage().putText(row, definition);
    }
    return sagas().start(definition, saga, errand).name();
  }

  @Override
  public String status(String saga) {
    return sagas().status(saga).map(Enum::name).orElse("");
  }

  @Override
  public void verb(String verb, String saga) {
    switch (verb) {
      case "cancel" -> sagas().cancel(saga, "client", "changed its mind");
      case "pause" -> sagas().pause(saga, "client");
      case "resume" -> sagas().resume(saga, "client");
      default -> throw new IllegalArgumentException(verb);
    }
  }

  @Override
  public void swap(long expected, String op) {
    context
        .storage()
        .transition(
            expected,
            () -> {
              context.storage().putText("swap/" + expected, op);
              return null;
            });
  }

  @Override
  public void send(String op, String mood) {
    String row = "parcel/" + op;
    if (context.storage().get(row).isEmpty()) {
      context.storage().putText(row, mood);
      context.facility(Queues.class).send(Parcels.QUEUE, Outgoing.text(op + " " + mood).key(op));
    }
  }

  @Override
  public long version() {
    return context.storage().version();
  }

  @Override
  public void onSaga(SagaNews news) {
    String row = "heard/" + news.saga();
    if (news.status().ended() && context.storage().get(row).isEmpty()) {
      context.storage().putText(row, news.status().name());
    }
  }

  private Sagas sagas() {
    return context.facility(Sagas.class);
  }
}
