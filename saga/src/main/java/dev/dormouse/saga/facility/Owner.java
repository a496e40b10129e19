package dev.dormouse.saga.facility;

import dev.dormouse.room.Refusal;
import dev.dormouse.room.RoomId;
import dev.dormouse.room.spi.FacilityRoom;
import dev.dormouse.saga.SagaLimits;
import dev.dormouse.saga.SagaNews;
import dev.dormouse.saga.Target;
import dev.dormouse.saga.engine.AlarmRef;
import dev.dormouse.saga.engine.Change;
import dev.dormouse.saga.engine.Coordinator;
import dev.dormouse.saga.engine.Definitions;
import dev.dormouse.saga.engine.LogLine;
import dev.dormouse.saga.engine.RowKeys;
import dev.dormouse.saga.engine.SagaCommand;
import dev.dormouse.saga.engine.SagaRow;
import dev.dormouse.saga.engine.SagaState;
import dev.dormouse.saga.engine.Sheet;
import dev.dormouse.saga.engine.Stored;
import dev.dormouse.saga.engine.Transition;
import dev.dormouse.saga.engine.Trigger;
import dev.dormouse.saga.engine.Way;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Supplier;

/// The sagas that a room owns: asks the engine in the turn at hand, puts what it says into the same
/// turn, and tells the room.
final class Owner {
  /// When an alarm comes again whose saga's definition this process does not have.
  private static final Duration UNDEFINED = Duration.ofMinutes(1);

  private final FacilityRoom room;
  private final Definitions definitions;
  private final Coordinator coordinator;
  private final Mail mail;
  private final External external;
  private final Tidings tidings;
  private final Watch watch;
  private final SagaLimits limits;
  private final Tally tally;
  private final Trimming trimming;
  private final Stored stored;

  Owner(
      FacilityRoom room,
      Definitions definitions,
      SagaLimits limits,
      Mail mail,
      External external,
      Tidings tidings,
      Watch watch) {
    this.room = room;
    this.definitions = definitions;
    this.mail = mail;
    this.external = external;
    this.tidings = tidings;
    this.watch = watch;
    this.limits = limits;
    tally = new Tally(room);
    trimming = new Trimming(room, limits.retention());
    coordinator = new Coordinator(definitions, room.codec(), limits.inputBytes());
    stored = room::get;
  }

  // ---- what comes

  /// The alarm of a saga rings: it has one, for the first of all that it waits for. It may ring too
  /// early, as it is not moved when that has come.
  void ring(String saga) {
    Optional<Sheet> sheet = sheet(saga);
    if (sheet.isEmpty()) {
      return;
    }
    if (isUndefined(sheet.get().saga())) {
      room.setAlarm(alarm(saga), room.clock().millis() + UNDEFINED.toMillis());
      return;
    }
    long now = room.clock().millis();
    List<AlarmRef> due =
        sheet.get().dues().entrySet().stream()
            .filter(each -> each.getValue() <= now)
            .sorted(Map.Entry.comparingByValue())
            .map(Map.Entry::getKey)
            .toList();
    for (AlarmRef ref : due) {
      if (sheet(saga).map(Sheet::dues).orElse(Map.of()).getOrDefault(ref, Long.MAX_VALUE) <= now) {
        on(saga, new Trigger.Rang(ref));
      }
    }
    guard(saga, sheet(saga).map(Sheet::dues).orElse(Map.of()));
  }

  private static String alarm(String saga) {
    return RowKeys.head(saga);
  }

  /// Has the saga's alarm ring when the first of these is due, or earlier.
  private void guard(String saga, Map<AlarmRef, Long> dues) {
    OptionalLong first = dues.values().stream().mapToLong(Long::longValue).min();
    if (first.isEmpty()) {
      room.deleteAlarm(alarm(saga));
    } else if (room.alarm(alarm(saga)).orElse(Long.MAX_VALUE) > first.getAsLong()) {
      room.setAlarm(alarm(saga), first.getAsLong());
    }
  }

  /// Looks for what ended sagas have left.
  void trim() {
    trimming.ring();
  }

  void answered(String saga, Trigger.Reply reply) {
    Optional<Sheet> sheet = sheet(saga);
    // Without its definition the answer is lost; its step's guard asks for it again.
    if (sheet.isEmpty() || !isUndefined(sheet.get().saga())) {
      long now = room.clock().millis();
      change(saga, () -> watch.decided(reply, coordinator.on(sheet, saga, reply, stored, now)));
    }
  }

  /// A call outside has come to an end.
  void called(SagaCommand command, Trigger.Reply reply) {
    boolean open = load(command.saga()).map(row -> !hasEnded(row.state())).orElse(false);
    if (open) {
      external.answered(command, reply);
      answered(command.saga(), reply);
    }
  }

  // ---- what the room's code asks

  /// @return the saga as it is now
  SagaRow start(String definition, String id, Object input) {
    RowKeys.check(id);
    Optional<SagaRow> known = load(id);
    if (known.isPresent()) {
      return known.get();
    }
    checkRoom();
    long now = room.clock().millis();
    return change(
            id,
            () ->
                watch.decided(
                    new Trigger.Start(), coordinator.start(id, definition, input, stored, now)))
        .next();
  }

  private void checkRoom() {
    if (tally.open() >= limits.open()) {
      throw new Refusal.Overloaded(
          "%s has %d open sagas; the limit is %d"
              .formatted(room.id(), tally.open(), limits.open()));
    }
    if (tally.letters() >= limits.letters()) {
      throw new Refusal.Overloaded(
          "%d letters of sagas of %s wait to be taken; the limit is %d"
              .formatted(tally.letters(), room.id(), limits.letters()));
    }
  }

  void verb(String id, Trigger.Verb verb) {
    SagaRow row = row(id);
    if (isUndefined(row)) {
      throw new Refusal.Refused(
          409,
          "saga '%s' of %s runs on %s/%d, which this process does not have"
              .formatted(id, room.id(), row.definition(), row.version()));
    }
    Change change = on(id, verb);
    if (!change.answer().accepted()) {
      throw new Refusal.Refused(
          409, "saga '%s' of %s: %s".formatted(id, room.id(), change.answer().why()));
    }
  }

  Optional<Sheet> sheet(String id) {
    return Coordinator.sheet(id, stored);
  }

  Optional<SagaRow> load(String id) {
    return sheet(id).map(Sheet::saga);
  }

  SagaRow row(String id) {
    return load(id)
        .orElseThrow(() -> new Refusal.NotFound(room.id() + " has no saga '" + id + "'"));
  }

  private boolean isUndefined(SagaRow row) {
    return definitions.find(row.definition(), row.version()).isEmpty();
  }

  // ---- what the engine says

  private Change on(String saga, Trigger trigger) {
    return change(saga, () -> decide(saga, trigger));
  }

  private Change decide(String saga, Trigger trigger) {
    return watch.decided(trigger, coordinator.on(saga, trigger, stored, room.clock().millis()));
  }

  private Change change(String saga, Supplier<Change> decision) {
    return tidings.change(
        () -> {
          Change change = decision.get();
          write(saga, change);
          return change;
        },
        (news, why) -> write(saga, coordinator.note(saga, why, stored, room.clock().millis())));
  }

  private void write(String saga, Change change) {
    change
        .rows()
        .forEach((key, value) ->
            value.ifPresentOrElse(bytes -> room.put(key, bytes), () -> room.delete(key)));
    if (!change.alarms().isEmpty()) {
      guard(saga, change.dues());
    }
    change.lines().forEach(line -> Marks.put(room, change.before(), change.next(), line.at()));
    if (tidings.wanted()) {
      change.lines().forEach(line -> news(change.next(), line));
    }
    change.commands().forEach(command -> send(saga, command));
    if (change.before().state() instanceof SagaState.NotStarted && !change.lines().isEmpty()) {
      tally.open(1);
    }
    if (!hasEnded(change.before().state()) && hasEnded(change.next().state())) {
      tally.open(-1);
      trimming.ended(change.next());
      forget(change.next());
    }
  }

  private void news(SagaRow saga, LogLine line) {
    if (line.transition() != Transition.T12) {
      tidings.add(
          new SagaNews(
              saga.id(),
              saga.definition(),
              line.status(),
              definitions.step(saga.definition(), saga.version(), line.step()),
              line.transition() == Transition.T1 ? line.transition().meaning() : line.detail(),
              saga.cause().isEmpty() ? Optional.empty() : Optional.of(saga.cause())));
    }
  }

  static boolean hasEnded(SagaState state) {
    return state instanceof SagaState.Completed || state instanceof SagaState.Compensated;
  }

  private void send(String saga, SagaCommand command) {
    if (command.target() instanceof Target.Service service) {
      external.take(command, service).ifPresent(answer -> write(saga, decide(saga, answer)));
      return;
    }
    Optional<RoomId> target = room(command.target());
    if (target.isPresent()) {
      mail.send(target.get(), new Letter.Command(command));
    } else {
      write(saga, decide(saga, nobody(command)));
    }
  }

  private Optional<RoomId> room(Target target) {
    return switch (target) {
      case Target.Named(String namespace, String name) -> room.find(namespace, name);
      case Target.ById(RoomId id) -> Optional.of(id);
      case Target.Service _ -> Optional.empty();
    };
  }

  static Trigger nobody(SagaCommand command) {
    int step = command.send().step();
    String why = "there is nobody to ask: " + command.target();
    return switch (command.send().way()) {
      case DO -> new Trigger.Refused(step, why);
      case UNDO -> new Trigger.Failed(step, Way.UNDO, command.send().attempt(), "nobody", why);
    };
  }

  /// The saga has ended: what is known of its calls outside may go. Rooms that took part ask.
  private void forget(SagaRow saga) {
    for (int step = 0; step < saga.steps().size(); step++) {
      external.forget(saga.id(), step);
    }
  }
}
