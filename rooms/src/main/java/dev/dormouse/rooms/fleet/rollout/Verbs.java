package dev.dormouse.rooms.fleet.rollout;

import dev.dormouse.room.HttpCall;
import dev.dormouse.room.Refusal;
import dev.dormouse.room.RoomContext;
import dev.dormouse.rooms.fleet.Query;
import dev.dormouse.rooms.fleet.Verdict;
import dev.dormouse.rooms.fleet.rollout.Head.Status;
import dev.dormouse.saga.SagaStatus;
import dev.dormouse.saga.Sagas;
import java.util.List;

/// What people do to a rollout.
record Verbs(Book book, Course course, Feed feed, Plan plan, RoomContext context) {
  private static final int AT_ONCE = 200;

  /// How many characters of a name or a note are kept.
  private static final int MOST_SAID = 200;

  void carryOut(HttpCall call) {
    switch (call.path()) {
      case "approve" -> Query.allow(call, "by", "note", "group");
      case "retry" -> Query.allow(call, "by", "device");
      default -> Query.allow(call, "by");
    }
    String who = call.parameter("by").orElse("somebody");
    switch (call.path()) {
      case "pause" -> pause(who);
      case "resume" -> resume(who);
      case "cancel" -> turn(Status.CANCELLING, "cancelled by " + who);
      case "rollback" -> turn(Status.ROLLING_BACK, "rolled back by " + who);
      case "approve" -> approve(call);
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
    if (head.status() == Status.WAITING_FOR_APPROVAL) {
      course.askAgain();
    }
    feed.log(book.log("resumed by " + who));
    feed.summary();
    course.look();
  }

  /// Lets the next group begin.
  private void approve(HttpCall call) {
    String who = call.parameter("by").orElse("").strip();
    if (who.isEmpty()) {
      throw new Refusal.Refused(400, "'by' says who approves");
    }
    Head head = book.head();
    if (head.status() != Status.WAITING_FOR_APPROVAL) {
      throw no("no group waits for approval");
    }
    if (head.paused()) {
      throw no("it is paused");
    }
    String group = Integer.toString(head.group() + 2);
    if (!call.parameter("group").orElse(group).equals(group)) {
      throw no("group " + group + " waits for approval");
    }
    String note = call.parameter("note").orElse("").strip();
    course.approved(new Review.Approval(cut(who), cut(note), context.clock().millis()));
  }

  private static String cut(String text) {
    int points = Math.min(text.codePointCount(0, text.length()), MOST_SAID);
    return text.substring(0, text.offsetByCodePoints(0, points));
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
        mustRun();
        int number = plan.groupOf(row.index());
        book.group(number, book.group(number).judged(Verdict.of(row.why()), -1));
        course.update(row);
      }
      case RETRYING -> {
        mustRun();
        if (!book.isReady(row)) {
          throw no(row.name() + " goes back first, and is tried again then");
        }
        course.update(row);
      }
      case WAITING, UPDATING, CONFIRMED, UPDATED, RETURNING ->
          throw no(row.name() + " is " + Feed.word(row.state()));
    }
  }

  private void mustRun() {
    if (!book.head().status().runs()) {
      throw no("a device is updated again only while the rollout runs");
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
