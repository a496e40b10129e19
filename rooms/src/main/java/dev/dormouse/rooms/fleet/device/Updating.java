package dev.dormouse.rooms.fleet.device;

import dev.dormouse.room.Refusal;
import dev.dormouse.room.RoomContext;
import dev.dormouse.rooms.fleet.Assign;
import dev.dormouse.rooms.fleet.Assigned;
import dev.dormouse.rooms.fleet.UpdateDevice;
import dev.dormouse.rooms.fleet.Verdict;
import dev.dormouse.saga.Participant;
import dev.dormouse.saga.Sagas;
import dev.dormouse.saga.StepCommand;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The device's side of [UpdateDevice]: takes its commands, and answers them when the device has
/// done what they ask, or has not in its time.
///
/// What counts is what the device says after it has seen the desired state in question: a report
/// that was long on its way confirms nothing. Reads rows each time and keeps nothing.
final class Updating {
  static final String ALARM = "update";

  private static final String ROW = "update";

  private final RoomContext context;
  private final Twin twin;
  private final Line line;

  Updating(RoomContext context, Twin twin, Line line) {
    this.context = context;
    this.twin = twin;
    this.line = line;
  }

  Optional<Update> open() {
    return context.storage().getValue(ROW, Update.class);
  }

  // ---- what the saga asks

  @Nullable Object on(StepCommand command) {
    return switch (command.operation()) {
      case UpdateDevice.ASSIGN -> assign(command);
      case UpdateDevice.CONFIRM -> confirm(command);
      case UpdateDevice.RESTORE -> restore(command);
      case UpdateDevice.RELEASE -> release(command);
      case UpdateDevice.RECALL -> recall(command);
      case UpdateDevice.RETURNED -> returned(command);
      default -> throw new Refusal.NotFound("a device does not '" + command.operation() + "'");
    };
  }

  private Assigned assign(StepCommand command) {
    Optional<Update> open = open();
    if (open.isPresent()) {
      throw new Refusal.Refused(
          409,
          Verdict.REJECTED.because("rollout " + open.get().rollout() + " has this device in hand"));
    }
    String previous = twin.firmware();
    if (previous.isEmpty()) {
      throw new Refusal.Refused(
          409, Verdict.REJECTED.because("this device never said which firmware it has"));
    }
    Assign assign = command.payload(Assign.class);
    long desired = twin.desire(assign.firmware()).version();
    String rollout = command.owner().name().orElse("");
    put(
        Update.asked(
            rollout,
            command.sagaId(),
            assign,
            previous,
            desired,
            previous.equals(assign.firmware())));
    tell();
    look();
    return new Assigned(previous, desired);
  }

  private @Nullable Object confirm(StepCommand command) {
    Update update =
        of(command)
            .orElseThrow(() ->
                new Refusal.Refused(409, Verdict.FAILED.because("this update is not open here")));
    return switch (update.phase()) {
      case ASKED -> {
        put(update.waitedForBy(command.token()));
        yield Participant.LATER;
      }
      case UPDATED -> null;
      case FAILED, RETURNING, STRANDED -> throw new Refusal.Refused(409, update.reason());
    };
  }

  /// Asks for the old firmware again, and does not wait for it: that is what `returned` is for.
  private @Nullable Object restore(StepCommand command) {
    of(command).ifPresent(this::goBack);
    return null;
  }

  private void goBack(Update update) {
    // Under a version of its own, so that the device answers for this wish and not for an older.
    long desired = twin.desire(update.previous()).version();
    Update returning = update.returning(now(), desired);
    if (isBack(returning)) {
      close();
    } else {
      put(returning);
    }
    tell();
  }

  private @Nullable Object release(StepCommand command) {
    of(command).ifPresent(_ -> close());
    return null;
  }

  private @Nullable Object recall(StepCommand command) {
    return of(command).map(Update::previous).orElse(null);
  }

  private @Nullable Object returned(StepCommand command) {
    Optional<Update> open = of(command);
    if (open.isPresent() && open.get().phase() != Update.Phase.RETURNING) {
      goBack(open.get());
      open = of(command);
    }
    if (open.isEmpty()) {
      return null;
    }
    put(open.get().waitedForBy(command.token()));
    return Participant.LATER;
  }

  /// The update that is meant; empty if it is closed, or was never open.
  private Optional<Update> of(StepCommand command) {
    String rollout = command.owner().name().orElse("");
    String saga = command.payload(UpdateDevice.Ask.class).update();
    return open().filter(update -> update.saga().equals(saga) && update.rollout().equals(rollout));
  }

  // ---- what the device says and does

  /// The device has reported, come, or gone.
  void look() {
    open()
        .ifPresent(update -> {
          switch (update.phase()) {
            case ASKED -> soak(update);
            case RETURNING -> {
              if (isBack(update)) {
                close();
                answer(update.token());
              }
            }
            case UPDATED, FAILED, STRANDED -> {}
          }
        });
  }

  private void soak(Update update) {
    if (isThere(update) && isWell() && line.isConnected()) {
      Update well = update.well(now());
      if (well.hasSoaked(now())) {
        put(well.updated());
        answer(well.token());
      } else {
        put(well);
      }
    } else if (update.reached() && !twin.firmware().equals(update.target())) {
      fail(update, Verdict.FAILED, "it fell back to " + twin.firmware());
    } else if (update.wellSince() > 0) {
      put(update.notWell());
    }
  }

  /// The device has said how far it is.
  void progressed(Said.Progress progress) {
    Optional<Update> open = open();
    if (open.isEmpty() || progress.seen() < open.get().desired()) {
      return;
    }
    Update update = open.get();
    switch (progress.word()) {
      case ACCEPTED, DOWNLOADING, INSTALLING, VERIFYING -> {
        if (!update.progress().equals(progress.word().name())) {
          put(update.doing(progress.word().name()));
        }
      }
      case FAILED -> gaveUp(update, Verdict.FAILED, progress.reason());
      case REJECTED -> gaveUp(update, Verdict.REJECTED, progress.reason());
    }
  }

  private void gaveUp(Update update, Verdict verdict, String reason) {
    switch (update.phase()) {
      case ASKED -> fail(update, verdict, reason);
      case RETURNING -> strand(update, verdict.because(reason));
      case UPDATED, FAILED, STRANDED -> {}
    }
  }

  void rang() {
    look();
    open()
        .filter(update -> update.isOverdue(now()))
        .ifPresent(update -> {
          switch (update.phase()) {
            case ASKED -> {
              if (update.told()) {
                fail(update, Verdict.TIMED_OUT, "it was told and is not done");
              } else {
                fail(update, Verdict.UNREACHED, "it did not connect");
              }
            }
            case RETURNING ->
                strand(update, Verdict.TIMED_OUT.because("it is not back on " + update.previous()));
            case UPDATED, FAILED, STRANDED -> {}
          }
        });
    open().ifPresent(this::wake);
  }

  /// Tells the device what it should be, if it is there.
  void tell() {
    if (line.isConnected()) {
      line.say(new Told.Delta(twin.desired().version(), twin.delta()));
      open()
          .filter(update -> update.phase() == Update.Phase.ASKED && !isToldAlready(update))
          .ifPresent(update -> put(update.told(now())));
    }
  }

  private static boolean isToldAlready(Update update) {
    return update.told() && update.since() > 0;
  }

  // ---- what it comes to

  private void fail(Update update, Verdict verdict, String why) {
    Update failed = update.failed(verdict, why);
    put(failed);
    if (!update.token().isEmpty()) {
      var _ = context.facility(Sagas.class).refuse(update.token(), failed.reason());
    }
  }

  private void strand(Update update, String why) {
    put(update.stranded(why));
    if (!update.token().isEmpty()) {
      var _ = context.facility(Sagas.class).refuse(update.token(), why);
    }
  }

  private void answer(String token) {
    if (!token.isEmpty()) {
      var _ = context.facility(Sagas.class).answer(token, null);
    }
  }

  private boolean isThere(Update update) {
    return twin.firmware().equals(update.target())
        && (twin.seen() >= update.desired() || update.previous().equals(update.target()));
  }

  /// Whether it has its old firmware and cannot be on its way to the new one.
  private boolean isBack(Update update) {
    return twin.firmware().equals(update.previous())
        && (twin.seen() >= update.desired()
            || !update.told()
            || update.previous().equals(update.assign().firmware()));
  }

  private boolean isWell() {
    String health = twin.reported().text("health");
    return health.isEmpty() || health.equals("ok");
  }

  private void put(Update update) {
    context.storage().putValue(ROW, update);
    wake(update);
  }

  private void wake(Update update) {
    if (update.due() == Long.MAX_VALUE) {
      context.alarms().delete(ALARM);
    } else {
      context.alarms().set(ALARM, Instant.ofEpochMilli(update.due()));
    }
  }

  private void close() {
    context.storage().delete(ROW);
    context.alarms().delete(ALARM);
  }

  /// Nobody waits for this update any more: a person says so.
  void forget() {
    Update update =
        open().orElseThrow(() -> new Refusal.NotFound("no update is open at this device"));
    if (update.phase() != Update.Phase.STRANDED) {
      throw new Refusal.Refused(409, update.rollout() + " waits for this update");
    }
    close();
  }

  private long now() {
    return context.clock().millis();
  }
}
