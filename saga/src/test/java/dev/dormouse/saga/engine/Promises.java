package dev.dormouse.saga.engine;

import dev.dormouse.saga.Step;
import dev.dormouse.saga.engine.Plan.PlanStep;
import dev.dormouse.saga.engine.StepRow.Act;
import dev.dormouse.saga.engine.StepRow.Undo;
import org.jspecify.annotations.Nullable;

/// What holds in every state (I1 to I4), and of every decision (I7, I10).
final class Promises {
  private Promises() {}

  static @Nullable String brokenIn(Plan plan, SagaRow row, World world) {
    if (row.state() instanceof SagaState.NotStarted) {
      return world.commands() != 0 ? "I5: a command of a saga that was not started" : null;
    }
    for (PlanStep step : plan.steps()) {
      int i = step.index();
      long parts = world.participants();
      if (Bits.effects(parts, i) > 1 || Bits.reversals(parts, i) > 1) {
        return "I1: an effect more than once";
      }
      if (row.step(i).order() == 0 && commanded(world, i)) {
        return "I5: a command without its transition";
      }
      boolean applied = Bits.record(parts, i) instanceof ParticipantRecord.Applied;
      boolean due = Bits.record(parts, i) instanceof ParticipantRecord.Due;
      if (row.state() instanceof SagaState.Completed
          && !applied
          && row.step(i).act() != Act.SKIPPED) {
        return "I2: COMPLETED, and " + step.name() + " is not applied";
      }
      if (row.state() instanceof SagaState.Compensated
          && (applied || due)
          && !mayStand(step, row.step(i))) {
        return "I2: COMPENSATED, and " + step.name() + " is applied";
      }
      for (Way way : Way.values()) {
        AlarmRef guard = AlarmRef.step(row.id(), way, i, row.step(i).attempt(way));
        if (row.step(i).underWay(way) && !row.paused() && (world.alarms() & Bits.bit(guard)) == 0) {
          return "I3: nothing guards " + way + " of " + step.name();
        }
      }
    }
    return alarms(row, world);
  }

  private static boolean commanded(World world, int step) {
    return ((world.commands() | world.outbox()) >> (step * 16) & 0xffff) != 0;
  }

  private static boolean mayStand(PlanStep step, StepRow row) {
    boolean withoutUndo = !step.hasUndo() && step.kind() == Step.Kind.NO_UNDO;
    return withoutUndo || row.undo() == Undo.SKIPPED;
  }

  private static @Nullable String alarms(SagaRow row, World world) {
    boolean ended = row.state().status().ended();
    if (!ended && world.alarms() == 0) {
      return "I3: open, and no alarm";
    }
    if (ended && world.alarms() != 0) {
      return "A5: ended, and an alarm is left";
    }
    boolean watched = (world.alarms() & Bits.bit(AlarmRef.review(row.id()))) != 0;
    if ((row.state().parked() || (row.paused() && !ended)) && !watched) {
      return "I3: parked or paused, and no review";
    }
    if (row.state().parked() != (world.dead() != 0)) {
      return "I3: parked without a dead row, or a dead row without being parked";
    }
    return null;
  }

  static @Nullable String brokenBy(SagaRow before, Decision decision) {
    SagaRow after = decision.next();
    if (!Table.LINES.contains(Table.of(before, decision))) {
      return "I10: the table has no " + Table.of(before, decision);
    }
    if (decision.log().isEmpty()) {
      return after.equals(before) && decision.sends().isEmpty()
          ? null
          : "I7: changed without a line in the log";
    }
    LogLine line = decision.log().orElseThrow();
    if (after.revision() != before.revision() + 1 || line.n() != after.revision()) {
      return "I7: the revision does not rise by one";
    }
    if (line.status() != after.state().status() || line.transition() != decision.transition()) {
      return "I10: the log says something else";
    }
    if (after.paused() && !decision.sends().isEmpty()) {
      return "a paused saga sends";
    }
    return null;
  }

  /// I4, when `step` is being reversed.
  static @Nullable String brokenByReversing(SagaRow row, World world, int step) {
    boolean somebodyInterfered =
        row.steps().stream().anyMatch(other -> other.undo() == Undo.SKIPPED);
    int last = Bits.lastReversed(world.participants());
    return !somebodyInterfered && last != 0 && row.step(step).order() >= last
        ? "I4: not undone in reverse order"
        : null;
  }
}
