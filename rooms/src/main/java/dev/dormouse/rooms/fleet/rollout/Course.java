package dev.dormouse.rooms.fleet.rollout;

import dev.dormouse.room.RoomContext;
import dev.dormouse.rooms.fleet.Address;
import dev.dormouse.rooms.fleet.UpdateDevice;
import dev.dormouse.rooms.fleet.Verdict;
import dev.dormouse.rooms.fleet.rollout.Head.Status;
import dev.dormouse.saga.Sagas;
import java.time.Instant;
import java.util.List;

/// What a rollout does next: begins a chunk of devices, opens a gate, calls back, tells the devices
/// how it is decided, ends.
///
/// Nothing is done when a device reports, but for its row: an alarm is set, and what follows from
/// many reports is looked at once. All of it is rows, sagas and alarms, so that a process may end
/// anywhere.
final class Course {
  static final String ALARM = "course";

  /// How many devices are told at once that the rollout is decided, if chunks are smaller.
  private static final int TOLD_AT_ONCE = 50;

  private final RoomContext context;
  private final Address address;
  private final Book book;
  private final Feed feed;
  private final Plan plan;

  Course(RoomContext context, Address address, Book book, Feed feed, Plan plan) {
    this.context = context;
    this.address = address;
    this.book = book;
    this.feed = feed;
    this.plan = plan;
  }

  /// Something may be due.
  void look() {
    wake(now());
  }

  private void wake(long at) {
    Instant due = Instant.ofEpochMilli(at);
    boolean sooner =
        context.alarms().get(ALARM).map(alarm -> alarm.due().isAfter(due)).orElse(true);
    if (sooner) {
      context.alarms().set(ALARM, due);
    }
  }

  /// Does what is due.
  void go() {
    Head head = book.head();
    switch (head.status()) {
      case SCHEDULED -> begin(head);
      case RUNNING -> run();
      case WAITING_FOR_APPROVAL -> review();
      case CANCELLING, ROLLING_BACK -> callBack();
      case SETTLING, SETTLING_THE_REST -> settle();
      case COMPENSATED_WITH_FAILURES -> {
        if (all(DeviceState.STUCK) + all(DeviceState.RETURNING) == 0) {
          become(Status.COMPENSATED, "");
        }
      }
      case FINISHED, FINISHED_WITH_ERRORS, CANCELED, COMPENSATED -> {}
    }
  }

  private void begin(Head head) {
    if (head.paused()) {
      return;
    }
    if (now() < plan.starts()) {
      wake(plan.starts());
      return;
    }
    become(Status.RUNNING, "");
    next(0);
  }

  /// A group is the next: it begins, or is asked for.
  private void next(int group) {
    if (plan.review().asksBefore(group)) {
      ask(group);
    } else {
      open(group);
      run();
    }
  }

  private void open(int group) {
    book.head(book.head().group(group));
    feed.log(
        book.log("group %d begins: %d devices".formatted(group + 1, plan.groups().get(group))));
  }

  // ---- approval

  private void ask(int group) {
    book.head(book.head().asks(now()));
    told(
        Status.WAITING_FOR_APPROVAL,
        "group %d, until %s".formatted(group + 1, Instant.ofEpochMilli(reviewed())));
    look();
  }

  /// When it is over that somebody could have approved.
  private long reviewed() {
    return book.head().askedAt() + plan.review().within();
  }

  /// What is under way goes on meanwhile, and so does what has to be tried again.
  private void review() {
    if (book.head().paused() || isBroken()) {
      return;
    }
    chunk();
    if (now() < reviewed()) {
      wake(reviewed());
    } else {
      broken("nobody approved group %d in time".formatted(book.head().group() + 2));
    }
  }

  /// The time to approve begins anew.
  void askAgain() {
    book.head(book.head().asks(now()));
  }

  /// Somebody has approved the next group.
  void approved(Review.Approval approval) {
    int group = book.head().group() + 1;
    book.approve(group, approval);
    book.head(book.head().goesOn(now()));
    told(
        Status.RUNNING,
        "group %d was approved by %s%s"
            .formatted(
                group + 1, approval.by(), approval.note().isEmpty() ? "" : ": " + approval.note()));
    open(group);
    look();
  }

  // ---- forward

  private void run() {
    if (book.head().paused() || isBroken()) {
      return;
    }
    chunk();
    gate();
  }

  /// Whether a group has failed, and what the plan says about that has been done.
  private boolean isBroken() {
    for (int number = 0; number <= book.head().group(); number++) {
      Group group = book.group(number);
      if (Gate.behind(group, plan) == Gate.BROKEN) {
        broken(
            "group %d: %d of %d failed, %d were not reached, %d succeeded"
                .formatted(
                    number + 1,
                    group.failed(),
                    group.size(),
                    group.unreached(),
                    group.succeeded()));
        return true;
      }
    }
    return false;
  }

  private void broken(String why) {
    switch (plan.policy()) {
      case PAUSE -> pause(why);
      case CANCEL -> turn(Status.CANCELLING, why);
      case COMPENSATE -> turn(Status.ROLLING_BACK, why);
    }
  }

  /// Begins so many devices as may begin at once: those that are tried again first.
  private void chunk() {
    Head head = book.head();
    int end = head.group() < 0 ? 0 : plan.end(head.group());
    if (now() >= head.chunkAt()) {
      int again = tryAgain();
      int until = Math.min(end, head.next() + plan.chunk() - again);
      for (int index = head.next(); index < until; index++) {
        update(book.device(index));
      }
      if (again > 0 || until > head.next()) {
        book.head(book.head().begun(until, now() + plan.every()));
        head = book.head();
      }
    }
    if (head.next() < end) {
      wake(head.chunkAt());
    }
    long chunkAt = head.chunkAt();
    book.ready(1).forEach(row -> wake(Math.max(row.again(), chunkAt)));
  }

  /// @return how many were begun
  private int tryAgain() {
    List<DeviceRow> due =
        book.ready(plan.chunk()).stream().filter(row -> row.again() <= now()).toList();
    due.forEach(this::update);
    return due.size();
  }

  /// Begins, or begins again, to update a device.
  void update(DeviceRow row) {
    DeviceRow begun = row.begun();
    move(begun);
    var _ = context.facility(Sagas.class).start(UpdateDevice.UPDATE, begun.saga(), input(begun));
  }

  UpdateDevice.Input input(DeviceRow row) {
    long ends = plan.retries().reached(now(), ends());
    return new UpdateDevice.Input(
        address.room(), row.saga(), plan.assign(address, row.name(), ends));
  }

  /// When all must be done: what groups have waited for approval is added.
  private long ends() {
    return plan.ends() + book.head().waited();
  }

  /// A device did not succeed. Whether it is tried again; if so, that is noted.
  boolean triesAgain(DeviceRow row, String cause) {
    long again = now() + plan.retries().waitAfter(row.attempt());
    boolean tries =
        book.head().status().runs()
            && plan.retries().left(row.attempt(), Verdict.of(cause))
            && again < ends();
    if (tries) {
      move(row.again(cause, again));
      look();
    }
    return tries;
  }

  /// A device did not succeed and is not tried again: its group is counted anew.
  void judge(DeviceRow row, String cause) {
    int number = plan.groupOf(row.index());
    book.group(number, book.group(number).judged(Verdict.of(cause), 1));
  }

  private void gate() {
    int number = book.head().group();
    Group group = book.group(number);
    boolean isLast = number == plan.groups().size() - 1;
    boolean mayPass =
        Gate.behind(group, plan) == Gate.OPEN
            && (!isLast || all(DeviceState.UPDATING) + all(DeviceState.RETRYING) == 0);
    if (!mayPass) {
      if (group.passedSince() > 0) {
        book.group(number, group.passed(0));
      }
      return;
    }
    if (group.passedSince() == 0) {
      group = group.passed(now());
      book.group(number, group);
    }
    long opens = group.passedSince() + plan.groupSoak();
    if (now() < opens) {
      wake(opens);
      return;
    }
    feed.log(
        book.log(
            "the gate behind group %d opens: %d of %d succeeded"
                .formatted(number + 1, group.succeeded(), group.size())));
    if (isLast) {
      become(Status.SETTLING, "");
      settle();
    } else {
      next(number + 1);
    }
  }

  // ---- back

  /// Goes back, wholly or in part.
  void turn(Status status, String why) {
    Head head = book.head();
    if (head.group() < 0) {
      become(status == Status.CANCELLING ? Status.CANCELED : Status.COMPENSATED, why);
      return;
    }
    book.head(head.turns(status, why, plan.begin(head.group())));
    told(status, why);
    look();
  }

  private void callBack() {
    Head head = book.head();
    if (head.paused()) {
      return;
    }
    if (head.sweep() == Head.NONE) {
      endOfTheWayBack(head.status());
      return;
    }
    if (now() < head.chunkAt()) {
      wake(head.chunkAt());
      return;
    }
    int end = Math.min(plan.end(head.sweep()), head.next());
    int cursor = head.cursor();
    int called = 0;
    while (cursor < end && called < plan.chunk()) {
      if (callBack(book.device(cursor), head)) {
        called++;
      }
      cursor++;
    }
    int sweep = head.sweep();
    if (cursor >= end) {
      sweep = sweep == 0 ? Head.NONE : sweep - 1;
      cursor = sweep == Head.NONE ? 0 : plan.begin(sweep);
    }
    long next = called == 0 ? now() : now() + plan.every();
    book.head(head.swept(sweep, cursor, next));
    wake(next);
  }

  private boolean callBack(DeviceRow row, Head head) {
    if (row.state() == DeviceState.RETRYING) {
      boolean isBack = book.isReady(row);
      judge(row, row.why());
      move(row.in(isBack ? DeviceState.RETURNED : DeviceState.RETURNING, row.why()));
      return false;
    }
    boolean called =
        row.state() == DeviceState.UPDATING
            || (row.state() == DeviceState.CONFIRMED && head.status() == Status.ROLLING_BACK);
    if (called) {
      context
          .facility(Sagas.class)
          .cancel(row.saga(), address.name(), Verdict.CANCELLED.because(head.why()));
    }
    return called;
  }

  private void endOfTheWayBack(Status status) {
    if (all(DeviceState.UPDATING) + all(DeviceState.RETRYING) > 0) {
      return;
    }
    if (status == Status.CANCELLING) {
      become(Status.SETTLING_THE_REST, book.head().why());
      settle();
    } else if (all(DeviceState.RETURNING) + all(DeviceState.CONFIRMED) == 0) {
      become(
          all(DeviceState.STUCK) > 0 ? Status.COMPENSATED_WITH_FAILURES : Status.COMPENSATED,
          book.head().why());
    }
  }

  // ---- the end

  /// Tells those that are updated that they stay so.
  private void settle() {
    Head head = book.head();
    int cursor = head.cursor();
    int told = 0;
    while (cursor < head.next() && told < Math.max(TOLD_AT_ONCE, plan.chunk())) {
      DeviceRow row = book.device(cursor);
      if (row.state() == DeviceState.CONFIRMED) {
        var _ = context.facility(Sagas.class).answer(row.token(), null);
        told++;
      }
      cursor++;
    }
    book.head(head.swept(Head.NONE, cursor, 0));
    if (cursor < head.next()) {
      look();
    } else if (all(DeviceState.CONFIRMED) + all(DeviceState.RETURNING) == 0) {
      become(end(head.status()), head.why());
    }
  }

  private Status end(Status status) {
    if (status == Status.SETTLING_THE_REST) {
      return Status.CANCELED;
    }
    boolean clean = book.groups(plan).stream().allMatch(group -> group.succeeded() == group.size());
    return clean ? Status.FINISHED : Status.FINISHED_WITH_ERRORS;
  }

  // ---- both

  void pause(String why) {
    book.head(book.head().paused(true, why));
    feed.log(book.log("paused: " + why));
    feed.summary();
  }

  private void become(Status status, String why) {
    book.head(book.head().is(status, why));
    told(status, why);
  }

  private void told(Status status, String why) {
    feed.log(book.log(Feed.word(status) + (why.isEmpty() ? "" : ": " + why)));
    feed.summary();
    context.alarms().set(RolloutRoom.REGISTRY, context.clock().instant());
  }

  /// A device stands otherwise now.
  void move(DeviceRow row) {
    book.move(plan, row);
    feed.device(row);
  }

  private int all(DeviceState state) {
    return book.groups(plan).stream().mapToInt(group -> group.in(state)).sum();
  }

  private long now() {
    return context.clock().millis();
  }
}
