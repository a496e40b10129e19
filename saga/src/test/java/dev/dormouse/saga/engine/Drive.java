package dev.dormouse.saga.engine;

import dev.dormouse.saga.Saga;
import dev.dormouse.saga.SagaStatus;
import java.util.Optional;

/// Takes one saga through one trigger after the other, at times that the test says.
final class Drive {
  static final String ID = "s";
  final Plan plan;
  SagaRow saga;
  long now = 1_000_000;

  Drive(Saga<?> definition) {
    plan = Plan.of(definition);
    saga = SagaRow.none(ID, plan);
  }

  static Drive started(Saga<?> definition) {
    Drive drive = new Drive(definition);
    drive.on(new Trigger.Start());
    return drive;
  }

  Decision on(Trigger trigger) {
    Decision decision = Transitions.decide(plan, saga, trigger, now);
    saga = decision.next();
    return decision;
  }

  Decision ok(int step) {
    return on(new Trigger.Ok(step, null));
  }

  Decision refused(int step) {
    return on(new Trigger.Refused(step, "no"));
  }

  Decision undone(int step) {
    return on(new Trigger.Undone(step));
  }

  /// The alarm that guards the attempt under way rings.
  Decision rings(int step, Way way) {
    return on(new Trigger.Rang(guard(step, way)));
  }

  Decision cancel() {
    return on(new Trigger.Cancel("ann", "changed my mind"));
  }

  Decision retry() {
    return on(new Trigger.Retry("ann", "fixed"));
  }

  AlarmRef guard(int step, Way way) {
    return AlarmRef.step(ID, way, step, saga.step(step).attempt(way));
  }

  SagaStatus status() {
    return saga.state().status();
  }

  /// When the alarm rings after a decision; empty if it was deleted.
  static Optional<Long> due(Decision decision, AlarmRef alarm) {
    Optional<Long> due = decision.alarms().get(alarm);
    if (due == null) {
      throw new AssertionError(alarm + " is not touched by " + decision.alarms());
    }
    return due;
  }
}
