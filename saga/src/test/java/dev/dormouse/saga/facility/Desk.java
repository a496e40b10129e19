package dev.dormouse.saga.facility;

import dev.dormouse.room.Refusal;
import dev.dormouse.room.Room;
import dev.dormouse.room.RoomContext;
import dev.dormouse.saga.SagaNews;
import dev.dormouse.saga.SagaOwner;
import dev.dormouse.saga.Sagas;

/// Starts journeys, and keeps a row of its own for each.
class Desk implements Room, DeskCalls {

  final RoomContext context;

  Desk(RoomContext context) {
    this.context = context;
  }

  /// What a desk does when it is told of a journey.
  interface Ear {
    void hear(SagaNews news, RoomContext desk) throws Exception;
  }

  /// A desk that is told.
  static final class Listening extends Desk implements SagaOwner {
    private final Ear ear;

    Listening(RoomContext context, Ear ear) {
      super(context);
      this.ear = ear;
    }

    @Override
    public void onSaga(SagaNews news) throws Exception {
      ear.hear(news, context);
    }
  }

  private Sagas sagas() {
    return context.facility(Sagas.class);
  }

  @Override
  public String book(String id, Trip trip) {
    if (context.storage().get("trip/" + id).isEmpty()) {
      context.storage().putText("trip/" + id, trip.full());
    }
    return sagas().start("trip", id, trip).name();
  }

  @Override
  public String bookAnyway(String id, Trip trip) {
    try {
      return sagas().start("trip", id, trip).name();
    } catch (Refusal.Refused no) {
      return java.util.Objects.requireNonNull(no.getMessage());
    }
  }

  @Override
  public String status(String id) {
    return sagas().status(id).map(Enum::name).orElse("");
  }

  @Override
  public String result(String id, String step) {
    return sagas().result(id, step, String.class).orElse("");
  }

  @Override
  public String cause(String id) {
    return sagas().cause(id);
  }

  @Override
  public void does(String verb, String id) {
    switch (verb) {
      case "cancel" -> sagas().cancel(id, "ada", "changed her mind");
      case "pause" -> sagas().pause(id, "ada");
      case "resume" -> sagas().resume(id, "ada");
      case "retry" -> sagas().retry(id, "ada", "again");
      case "skip" -> sagas().skip(id, "hotels", "ada", "she has a tent");
      case "resolve" -> sagas().resolve(id, "hotels", false, "ada", "she called them");
      case "delete all" -> context.storage().deleteAll();
      default -> throw new IllegalArgumentException(verb);
    }
  }
}
