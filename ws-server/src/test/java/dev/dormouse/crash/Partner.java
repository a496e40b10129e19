package dev.dormouse.crash;

import dev.dormouse.room.Alarm;
import dev.dormouse.room.Refusal;
import dev.dormouse.room.Room;
import dev.dormouse.room.RoomContext;
import dev.dormouse.room.Storage;
import dev.dormouse.room.spi.Execution;
import dev.dormouse.saga.Participant;
import dev.dormouse.saga.Sagas;
import dev.dormouse.saga.StepCommand;

/// A participant: whoever takes a seat first has it until it is given back. It writes down all it
/// does.
///
/// | row | meaning |
/// |---|---|
/// | `seat/{n}` | the saga that has it, as `owner/saga` |
/// | `any/{owner/saga}` | a seat without a number, for sagas that cannot be refused any more |
/// | `count` | how many lines the journal has |
/// | `due/{owner/saga/step}` | the token of a command that is to be answered when the alarm of this name rings |
/// | `journal/{n}` | `do`, `undo`, `back` (by itself) or `late`, the step, `owner/saga`, and the machine's monotonic time in ns |
final class Partner implements Room, Participant {
  private final RoomContext context;
  private final Moods moods;
  private final Execution execution;

  Partner(RoomContext context, Moods moods, Execution execution) {
    this.context = context;
    this.moods = moods;
    this.execution = execution;
  }

  @Override
  public Object onCommand(StepCommand command) {
    Storage storage = context.storage();
    Errand errand = command.payload(Errand.class);
    String saga = command.owner().name().orElse("?") + "/" + command.sagaId();
    String seat = command.operation().equals("take-any") ? "any/" + saga : "seat/" + errand.seat();
    String due = "due/" + saga + "/" + command.step();
    boolean later = command.step().equals(errand.later());
    if (command.undoes()) {
      if (storage.delete(due)) {
        context.alarms().delete(due);
      }
      storage.delete(seat);
      write("undo", command.step(), saga);
    } else {
      if (command.step().equals(errand.refuses())) {
        throw new Refusal.Refused(409, "not to you");
      }
      storage
          .getText(seat)
          .ifPresent(other -> {
            throw new Refusal.Refused(409, other + " has it");
          });
      storage.putText(seat, saga);
      write("do", command.step(), saga);
      if (later) {
        storage.putText(due, command.token() + " " + seat);
        context.alarms().set(due, context.clock().instant().plusMillis(after(saga)));
      }
    }
    execution.failpoint(Places.IN_EFFECT);
    moods.after(command, errand);
    return later && !command.undoes() ? LATER : command.operation() + " " + seat;
  }

  /// How long an answer takes, in ms; now and then longer than anybody waits for it.
  private static long after(String saga) {
    int drawn = Math.floorMod(saga.hashCode() * 31, 10);
    return drawn == 0 ? 2_500 : 40L * drawn;
  }

  /// An answer is due.
  @Override
  public void onAlarm(Alarm alarm) {
    Storage storage = context.storage();
    String due = alarm.name();
    String[] words = storage.getText(due).orElseThrow().split(" ", -1);
    int slash = due.lastIndexOf('/');
    String saga = due.substring("due/".length(), slash);
    String step = due.substring(slash + 1);
    storage.delete(due);
    // Where it may still be refused, every fifth is, and leaves nothing.
    boolean no = words[1].startsWith("seat/") && Math.floorMod(saga.hashCode() * 17, 5) == 0;
    if (no) {
      storage.delete(words[1]);
    }
    write(no ? "back" : "late", step, saga);
    Sagas sagas = context.facility(Sagas.class);
    boolean counted = no ? sagas.refuse(words[0], "not to you") : sagas.answer(words[0], "late");
    execution.failpoint(Places.IN_LATE);
    if (!counted) {
      throw new IllegalStateException("nobody waited for " + due);
    }
  }

  private void write(String what, String step, String saga) {
    Storage storage = context.storage();
    int count = storage.getText("count").map(Integer::parseInt).orElse(0) + 1;
    storage.putText("count", Integer.toString(count));
    // The same clock for all processes of the machine, whatever time it is.
    storage.putText(
        "journal/%06d".formatted(count),
        String.join(" ", what, step, saga, Long.toString(execution.nanoTime())));
  }
}
