package dev.dormouse.rooms.fleet.rollout;

import dev.dormouse.room.HttpCall;
import dev.dormouse.room.Refusal;
import dev.dormouse.room.RoomContext;
import dev.dormouse.rooms.fleet.Verdict;
import dev.dormouse.rooms.fleet.rollout.Head.Status;
import dev.dormouse.saga.SagaStatus;
import dev.dormouse.saga.Sagas;
import java.util.List;

/// What people do to a rollout.
record Verbs(Book book, Course course, Feed feed, Plan plan, RoomContext context) {
  private static final int AT_ONCE = 200;

  void carryOut(HttpCall call) {
    String who = call.parameter("by").orElse("somebody");
    switch (call.path()) {
      case "pause" -> pause(who);
      case "resume" -> resume(who);
      case "cancel" -> turn(Status.CANCELLING, "cancelled by " + who);
      case "rollback" -> turn(Status.ROLLING_BACK, "rolled back by " + who);
      case "retry" -> retry(who, call.parameter("device").orElse(""));
      default -> throw new Refusal.NotFound("no '" + call.path() + "'");
    }
  }

  private void pause(String who) {
    Head head = book.head();
    boolean may =
        head.status().isOpen()
            || head.status() == Status.CANCELLING
            || head.status() == Status.ROLLING_BACK;
    if (!may) {
      throw no("it is " + Feed.word(head.status()));
    }
    if (!head.paused()) {
      course.pause("by " + who);
    }
  }

  /// Goes on. Groups that have failed are forgiven: whoever resumes has seen it.
  private void resume(String who) {
    Head head = book.head();
    if (!head.paused()) {
      throw no("it is not paused");
    }
    for (int number = 0; number <= head.group(); number++) {
      Group group = book.group(number);
      if (Gate.behind(group, plan) == Gate.BROKEN) {
        book.group(number, group.forgive());
      }
    }
    book.head(head.paused(false, head.status().isOpen() ? "" : head.why()));
    feed.log(book.log("resumed by " + who));
    feed.summary();
    course.look();
  }

  private void turn(Status status, String why) {
    Head head = book.head();
    boolean may =
        head.status().isOpen()
            || (status == Status.ROLLING_BACK && head.status() == Status.CANCELLING);
    if (!may) {
      throw no("it is " + Feed.word(head.status()));
    }
    course.turn(status, why);
  }

  /// Tries again what is stuck, and, while the rollout runs, what has failed.
  private void retry(String who, String device) {
    List<DeviceRow> rows =
        device.isEmpty()
            ? book.stuck(AT_ONCE)
            : List.of(
                book.device(device)
                    .orElseThrow(() -> new Refusal.NotFound("no device '" + device + "' in it")));
    if (rows.isEmpty()) {
      throw no("nothing is stuck");
    }
    rows.forEach(row -> retry(row, who));
    feed.log(book.log("%d tried again by %s".formatted(rows.size(), who)));
  }

  private void retry(DeviceRow row, String who) {
    switch (row.state()) {
      case STUCK -> context.facility(Sagas.class).retry(parked(row), who, "tried again");
      case RETURNED -> {
        if (book.head().status() != Status.RUNNING) {
          throw no("a device is updated again only while the rollout runs");
        }
        int number = plan.groupOf(row.index());
        Verdict verdict = Verdict.of(row.why());
        Group group = book.group(number);
        if (verdict.isFailure()) {
          book.group(number, group.failed(-1));
        } else if (verdict == Verdict.UNREACHED) {
          book.group(number, group.unreached(-1));
        }
        course.update(row);
      }
      case WAITING, UPDATING, CONFIRMED, UPDATED, RETURNING ->
          throw no(row.name() + " is " + Feed.word(row.state()));
    }
  }

  /// Which of a device's sagas is parked.
  private String parked(DeviceRow row) {
    SagaStatus back =
        context.facility(Sagas.class).status(row.sagaBack()).orElse(SagaStatus.COMPLETED);
    return back.ended() ? row.saga() : row.sagaBack();
  }

  private static Refusal.Refused no(String why) {
    return new Refusal.Refused(409, why);
  }
}
