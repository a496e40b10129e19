package dev.dormouse.saga.engine;

import dev.dormouse.saga.Saga;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;

/// The room of a simulated saga: stored rows, alarms and outbox, and a process around them that may
/// die before or after any transaction and comes back with what is stored.
final class SimRoom {
  static final String ID = "saga-1";

  private final Storm storm;
  private final Coordinator coordinator;
  private final Consumer<byte[]> transport;
  private final Map<String, byte[]> rows = new TreeMap<>();
  private final Map<String, Long> alarms = new HashMap<>();
  private final Map<Integer, byte[]> outbox = new TreeMap<>();
  private int written;

  /// Which life of the process it is; what an earlier one meant to do is forgotten.
  private int life;

  final Set<Transition> taken = new HashSet<>();
  final List<Notice> notices = new ArrayList<>();

  SimRoom(Storm storm, Saga<String> saga, Consumer<byte[]> transport) {
    this.storm = storm;
    this.transport = transport;
    coordinator = new Coordinator(new Definitions(List.of(saga)), new Texts(), 1_000);
  }

  Optional<byte[]> get(String key) {
    return Optional.ofNullable(rows.get(key));
  }

  Optional<SagaRow> saga() {
    return Coordinator.load(ID, this::get);
  }

  boolean hasAlarm() {
    return !alarms.isEmpty();
  }

  /// Starts the saga, again until its start is stored.
  void start() {
    if (storm.wrong(0.1)) {
      die();
      storm.within(1_000, this::start);
      return;
    }
    commit(coordinator.start(ID, "wild", "input", this::get, storm.now()));
  }

  /// One transaction: all of it, or nothing.
  ///
  /// @return whether it was stored
  boolean take(Trigger trigger) {
    if (storm.wrong(0.03)) {
      die();
      return false;
    }
    commit(coordinator.on(ID, trigger, this::get, storm.now()));
    if (storm.wrong(0.03)) {
      die();
    }
    return true;
  }

  private void commit(Change change) {
    change
        .rows()
        .forEach((key, value) ->
            value.ifPresentOrElse(bytes -> rows.put(key, bytes), () -> rows.remove(key)));
    for (SagaCommand command : change.commands()) {
      outbox.put(written++, MessageCodec.command(command));
    }
    change
        .alarms()
        .forEach((ref, due) -> {
          if (due.isPresent()) {
            alarms.put(ref.name(), due.get());
            arm(ref.name(), due.get());
          } else {
            alarms.remove(ref.name());
          }
        });
    taken.addAll(change.transitions());
    notices.addAll(change.notices());
    publishSoon();
    check(change.next());
  }

  private void check(SagaRow saga) {
    if (!saga().orElseThrow().equals(saga)) {
      throw new AssertionError("stored " + saga() + " instead of " + saga);
    }
    Map<String, Long> dues = new HashMap<>();
    Coordinator.sheet(ID, this::get)
        .ifPresent(sheet -> sheet.dues().forEach((ref, due) -> dues.put(ref.name(), due)));
    if (!dues.equals(alarms)) {
      throw new AssertionError("the row of alarms says " + dues + " instead of " + alarms);
    }
    if (saga.state().status().ended() == hasAlarm()) {
      throw new AssertionError("I3: alarms " + alarms + " of " + saga);
    }
  }

  private void arm(String name, long due) {
    int armedIn = life;
    storm.at(
        due,
        () -> {
          Long stored = alarms.get(name);
          if (armedIn == life && stored != null && stored == due) {
            take(new Trigger.Rang(AlarmRef.parse(name)));
          }
        });
  }

  private void publishSoon() {
    int here = life;
    storm.within(50, () -> publish(here));
  }

  /// The relay: appends, and marks in a transaction of its own.
  private void publish(int here) {
    if (here != life) {
      return;
    }
    List<Integer> published = List.copyOf(outbox.keySet());
    published.forEach(row -> transport.accept(outbox.get(row)));
    if (storm.wrong(0.1)) {
      die();
    } else {
      outbox.keySet().removeAll(published);
    }
  }

  /// Memory goes; rows, alarms and outbox stay.
  private void die() {
    life++;
    int next = life;
    storm.within(
        20_000,
        () -> {
          if (next == life) {
            publish(next);
            alarms.forEach(this::arm);
          }
        });
  }
}
