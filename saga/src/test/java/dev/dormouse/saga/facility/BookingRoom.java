package dev.dormouse.saga.facility;

import dev.dormouse.room.Alarm;
import dev.dormouse.room.Refusal;
import dev.dormouse.room.Room;
import dev.dormouse.room.RoomContext;
import dev.dormouse.room.Storage;
import dev.dormouse.saga.Participant;
import dev.dormouse.saga.Sagas;
import dev.dormouse.saga.StepCommand;
import java.time.Duration;
import java.time.Instant;

/// Counts every booking and every cancellation by saga, and notes when it cancelled, so that the
/// rows tell what happened how often and in which order.
final class BookingRoom implements Room, Participant {
  static final String DID = "did/";
  static final String UNDID = "undid/";
  static final String AT = "undid-at/";

  /// Counts the turns in which the room changed something.
  static final String TURNS = "turns";

  private static final String DUE = "due/";

  interface Mood {
    /// Asked before each command; may throw.
    void before(StepCommand command);

    /// After how long a step is answered; zero for at once.
    default Duration later(StepCommand command) {
      return Duration.ZERO;
    }
  }

  private final RoomContext context;
  private final Mood mood;

  BookingRoom(RoomContext context, Mood mood) {
    this.context = context;
    this.mood = mood;
  }

  @Override
  public Object onCommand(StepCommand command) {
    Storage storage = context.storage();
    String saga = command.owner().name().orElse("?") + "/" + command.sagaId();
    Trip trip = command.payload(Trip.class);
    if (command.undoes()) {
      count(UNDID + saga);
      Instant now = context.clock().instant();
      storage.putText(AT + saga, Long.toString(Duration.between(Instant.EPOCH, now).toNanos()));
    } else {
      Duration later = mood.later(command);
      boolean full = trip.full().equals(context.id().namespace());
      if (full && later.isZero()) {
        throw new Refusal.Refused(409, "no place left");
      }
      count(DID + saga);
      if (!later.isZero()) {
        count(TURNS);
        storage.putText(DUE + saga, (full ? "-" : "+") + command.token());
        context.alarms().set(saga, context.clock().instant().plus(later));
        mood.before(command);
        return LATER;
      }
    }
    count(TURNS);
    mood.before(command);
    return command.operation() + " by " + context.id().namespace();
  }

  /// Answers what is due, and tries to answer it twice. Whoever is full after all takes back what
  /// it began, if anybody still hears that.
  @Override
  public void onAlarm(Alarm alarm) {
    String saga = alarm.name();
    String due = context.storage().getText(DUE + saga).orElseThrow();
    String token = due.substring(1);
    Sagas sagas = context.facility(Sagas.class);
    if (due.startsWith("+")) {
      sagas.answer(token, "late, by " + context.id().namespace());
    } else if (sagas.refuse(token, "no place left after all")) {
      add(DID + saga, -1);
    }
    if (sagas.answer(token, "again") || sagas.refuse(token, "again")) {
      throw new AssertionError("answered twice: " + token);
    }
    context.storage().delete(DUE + saga);
    count(TURNS);
  }

  private void count(String key) {
    add(key, 1);
  }

  private void add(String key, int number) {
    Storage storage = context.storage();
    long before = storage.getText(key).map(Long::parseLong).orElse(0L);
    storage.putText(key, Long.toString(before + number));
  }
}
