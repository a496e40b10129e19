package dev.dormouse.saga.engine;

import dev.dormouse.saga.Saga;
import dev.dormouse.saga.SagaStatus;
import dev.dormouse.saga.engine.Plan.PlanStep;
import dev.dormouse.saga.engine.StepRow.Act;
import dev.dormouse.saga.engine.StepRow.Undo;
import java.util.List;
import java.util.Optional;

/// What must hold when everything that was on its way has arrived.
final class Verdict {
  private Verdict() {}

  static void over(
      Saga<String> definition, SimRoom room, SimParticipant participant, boolean skipped) {
    SagaRow saga = room.saga().orElseThrow();
    SagaStatus status = saga.state().status();
    if (!status.ended()) {
      throw new AssertionError("still open: " + saga);
    }
    Plan plan = Plan.of(definition);
    for (PlanStep step : plan.steps()) {
      StepRow row = saga.step(step.index());
      boolean applied = participant.applied(SimRoom.ID, step.index());
      if (status == SagaStatus.COMPLETED && !applied && row.act() != Act.SKIPPED) {
        throw new AssertionError("I2: completed without " + step.name() + ": " + saga);
      }
      boolean mayStand =
          (!step.hasUndo() && step.index() != plan.pivot()) || row.undo() == Undo.SKIPPED;
      if (status == SagaStatus.COMPENSATED && applied && !mayStand) {
        throw new AssertionError("I2: compensated, and " + step.name() + " stands: " + saga);
      }
    }
    if (!skipped) {
      inReverse(saga, participant.effects);
    }
    replayed(saga, room::get);
    long ends = room.notices.stream().filter(Notice.Ended.class::isInstance).count();
    if (ends != 1) {
      throw new AssertionError("told " + ends + " times of its end: " + room.notices);
    }
  }

  private static void inReverse(SagaRow saga, List<String> effects) {
    int last = Integer.MAX_VALUE;
    for (String effect : effects) {
      if (effect.startsWith("undo ")) {
        int order = saga.step(Integer.parseInt(effect.substring(5))).order();
        if (order >= last) {
          throw new AssertionError("I4: not in reverse: " + effects + " of " + saga);
        }
        last = order;
      }
    }
  }

  /// I10: the log, read through the table, gives the stored status; I7: its numbers have no gap.
  private static void replayed(SagaRow saga, Stored stored) {
    Optional<SagaStatus> status = Optional.empty();
    for (int n = 1; n <= saga.revision(); n++) {
      LogLine line = line(saga.id(), n, stored);
      Table.Line taken = new Table.Line(status, line.transition(), Optional.of(line.status()));
      if (line.n() != n || !Table.LINES.contains(taken)) {
        throw new AssertionError("I10: the table has no " + taken + ", line " + n);
      }
      status = taken.after();
    }
    if (!status.equals(Optional.of(saga.state().status()))) {
      throw new AssertionError("I10: the log ends with " + status + " and not as " + saga);
    }
  }

  private static LogLine line(String saga, int n, Stored stored) {
    return stored
        .get(RowKeys.log(saga, Sheet.block(n)))
        .or(() -> stored.get(RowKeys.head(saga)))
        .map(SheetCodec::lines)
        .orElseThrow()
        .stream()
        .filter(line -> line.n() == n)
        .findFirst()
        .orElseThrow();
  }
}
