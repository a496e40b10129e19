package dev.dormouse.crash;

import dev.dormouse.room.Room;
import dev.dormouse.room.RoomContext;
import dev.dormouse.saga.SagaNews;
import dev.dormouse.saga.SagaOwner;
import dev.dormouse.saga.Sagas;

/// Starts sagas, and keeps a row of its own for each thing that clients had it do.
///
/// | row | meaning |
/// |---|---|
/// | `asked/{saga}` | a saga was started |
/// | `swap/{version}` | the op that moved the room on from this version |
/// | `heard/{saga}` | how a saga has ended, as the room was told |
final class OwnerRoom implements Room, OwnerCalls, SagaOwner {
  private final RoomContext context;

  OwnerRoom(RoomContext context) {
    this.context = context;
  }

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
