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
  private final Sheet sheet;
  private final Stored stored;
  private final Map<String, byte[]> small;
  private final TreeMap<String, Optional<byte[]>> rows = new TreeMap<>();
  private final Map<AlarmRef, Optional<Long>> alarms = new LinkedHashMap<>();
  private final List<Transition> transitions = new ArrayList<>();
  private final List<LogLine> lines = new ArrayList<>();
  private final List<SagaCommand> commands = new ArrayList<>();
  private final List<Notice> notices = new ArrayList<>();
  private @Nullable Answer answer;

  /// @param sheet the saga before it
  Gathering(Sheet sheet, Stored stored) {
    this.sheet = sheet;
    this.stored = stored;
    small = new TreeMap<>(sheet.small());
  }

  @Override
  public Optional<byte[]> get(String key) {
    byte[] kept = small.get(key);
    if (kept != null) {
      return Optional.of(kept);
    }
    Optional<byte[]> gathered = rows.get(key);
    return gathered != null ? gathered : stored.get(key);
  }

  void put(String key, byte[] value) {
    rows.put(key, Optional.of(value));
  }

  /// Puts an input or a result where it belongs.
  void keep(String key, byte[] value) {
    if (value.length <= Sheet.SMALL) {
      small.put(key, value);
    } else {
      put(key, value);
    }
  }

  void send(SagaCommand command) {
    commands.add(command);
  }

  /// What a trigger has led to, the result that came with it included.
  void take(SagaRow before, Trigger trigger, Decision decision) {
    take(decision);
    for (StepRow row : decision.next().steps()) {
      boolean wasDone = !before.steps().isEmpty() && before.step(row.index()).act() == Act.DONE;
      if (!wasDone && row.act() == Act.DONE) {
        result(decision.next().id(), row.index(), trigger);
      }
    }
  }

  void take(Decision decision) {
    String id = decision.next().id();
    transitions.add(decision.transition());
    alarms.putAll(decision.alarms());
    decision.notice().ifPresent(notices::add);
    answer = answer == null ? decision.answer() : answer;
    decision.log().ifPresent(lines::add);
    decision.dead().forEach(change -> dead(id, change));
  }

  private void result(String id, int step, Trigger trigger) {
    byte[] result = null;
    if (trigger instanceof Trigger.Ok ok && ok.step() == step) {
      result = ok.result();
    } else if (trigger instanceof Trigger.Resolve resolve && resolve.step() == step) {
      result = resolve.result();
    }
    if (result != null) {
      keep(RowKeys.result(id, step), result);
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

  /// When the alarms ring, kept since nobody can list those of a room that sleeps.
  private Map<AlarmRef, Long> dues() {
    Map<AlarmRef, Long> dues = new LinkedHashMap<>(sheet.dues());
    alarms.forEach((alarm, due) ->
        due.ifPresentOrElse(time -> dues.put(alarm, time), () -> dues.remove(alarm)));
    return dues;
  }

  /// The saga's own row, and rows for the blocks of its log that are full now.
  private void write(SagaRow next, Map<AlarmRef, Long> dues) {
    List<LogLine> open = new ArrayList<>(sheet.lines());
    for (LogLine line : lines) {
      if (!open.isEmpty() && Sheet.block(line.n()) != Sheet.block(open.getFirst().n())) {
        put(RowKeys.log(next.id(), Sheet.block(open.getFirst().n())), SheetCodec.block(open));
        open.clear();
      }
      open.add(line);
    }
    put(RowKeys.head(next.id()), SheetCodec.sheet(new Sheet(next, dues, open, small)));
  }

  Change done(SagaRow before, SagaRow next) {
    Map<AlarmRef, Long> dues = dues();
    if (!lines.isEmpty() || !next.equals(before) || !dues.equals(sheet.dues())) {
      write(next, dues);
    }
    return new Change(
        before,
        next,
        List.copyOf(transitions),
        List.copyOf(lines),
        rows,
        Map.copyOf(alarms),
        dues,
        List.copyOf(commands),
        List.copyOf(notices),
        answer == null ? Answer.YES : answer);
  }
}
