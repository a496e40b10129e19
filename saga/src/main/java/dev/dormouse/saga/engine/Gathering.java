package dev.dormouse.saga.engine;

import dev.dormouse.saga.engine.StepRow.Act;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// A change while it is being gathered from one decision or more. Lives for one call, on one
/// thread. As [Stored] it shows what it has gathered so far.
final class Gathering implements Stored {
  private final Stored stored;
  private final TreeMap<String, Optional<byte[]>> rows = new TreeMap<>();
  private final Map<AlarmRef, Optional<Long>> alarms = new LinkedHashMap<>();
  private final List<Transition> transitions = new ArrayList<>();
  private final List<LogLine> lines = new ArrayList<>();
  private final List<SagaCommand> commands = new ArrayList<>();
  private final List<Notice> notices = new ArrayList<>();
  private @Nullable Answer answer;

  Gathering(Stored stored) {
    this.stored = stored;
  }

  @Override
  public Optional<byte[]> get(String key) {
    Optional<byte[]> gathered = rows.get(key);
    return gathered != null ? gathered : stored.get(key);
  }

  void put(String key, byte[] value) {
    rows.put(key, Optional.of(value));
  }

  void send(SagaCommand command) {
    commands.add(command);
  }

  /// What a trigger has led to, the result that came with it included.
  void take(SagaRow before, Trigger trigger, Decision decision) {
    take(before, decision);
    for (StepRow row : decision.next().steps()) {
      boolean wasDone = !before.steps().isEmpty() && before.step(row.index()).act() == Act.DONE;
      if (!wasDone && row.act() == Act.DONE) {
        result(decision.next().id(), row.index(), trigger);
      }
    }
  }

  void take(SagaRow before, Decision decision) {
    SagaRow next = decision.next();
    String id = next.id();
    transitions.add(decision.transition());
    alarms.putAll(decision.alarms());
    decision.notice().ifPresent(notices::add);
    answer = answer == null ? decision.answer() : answer;
    decision
        .log()
        .ifPresent(line -> {
          lines.add(line);
          put(RowKeys.log(id, line.n()), RowCodec.log(line));
        });
    decision.dead().forEach(change -> dead(id, change));
    if (!next.equals(before)) {
      put(RowKeys.head(id), RowCodec.head(next));
    }
    for (StepRow row : next.steps()) {
      StepRow old = before.steps().isEmpty() ? null : before.step(row.index());
      if (!row.equals(old)) {
        put(RowKeys.step(id, row.index()), RowCodec.step(row));
      }
    }
  }

  private void result(String id, int step, Trigger trigger) {
    byte[] result = null;
    if (trigger instanceof Trigger.Ok ok && ok.step() == step) {
      result = ok.result();
    } else if (trigger instanceof Trigger.Resolve resolve && resolve.step() == step) {
      result = resolve.result();
    }
    if (result != null) {
      put(RowKeys.result(id, step), result);
    }
  }

  private void dead(String id, DeadChange change) {
    String key = RowKeys.dead(id, change.step(), change.way());
    DeadRow row =
        switch (change) {
          case DeadChange.Open o ->
              new DeadRow(id, o.step(), o.way(), o.reason(), o.at(), o.reviewAt(), "", "");
          case DeadChange.Reviewed reviewed -> {
            DeadRow old = deadRow(key);
            yield new DeadRow(
                id, old.step(), old.way(), old.reason(), old.at(), reviewed.reviewAt(), "", "");
          }
          case DeadChange.Close close -> {
            DeadRow old = deadRow(key);
            yield new DeadRow(
                id,
                old.step(),
                old.way(),
                old.reason(),
                old.at(),
                old.reviewAt(),
                Cut.text(close.actor()),
                Cut.text(close.note()));
          }
        };
    put(key, RowCodec.dead(row));
  }

  private DeadRow deadRow(String key) {
    return get(key)
        .map(RowCodec::dead)
        .orElseThrow(() -> new IllegalStateException("a parked saga has no row '" + key + "'"));
  }

  /// Keeps a row of when the alarms ring, since nobody can list those of a room that sleeps.
  private void dues(String id) {
    Map<AlarmRef, Long> dues = new LinkedHashMap<>();
    get(RowKeys.due(id)).ifPresent(bytes -> dues.putAll(RowCodec.dues(id, bytes)));
    Map<AlarmRef, Long> before = Map.copyOf(dues);
    alarms.forEach((alarm, due) ->
        due.ifPresentOrElse(time -> dues.put(alarm, time), () -> dues.remove(alarm)));
    if (!dues.equals(before)) {
      rows.put(
          RowKeys.due(id), dues.isEmpty() ? Optional.empty() : Optional.of(RowCodec.dues(dues)));
    }
  }

  Change done(SagaRow before, SagaRow next) {
    dues(next.id());
    return new Change(
        before,
        next,
        List.copyOf(transitions),
        List.copyOf(lines),
        rows,
        Map.copyOf(alarms),
        List.copyOf(commands),
        List.copyOf(notices),
        answer == null ? Answer.YES : answer);
  }
}
