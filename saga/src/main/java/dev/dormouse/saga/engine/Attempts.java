package dev.dormouse.saga.engine;

import dev.dormouse.saga.RetryPolicy;
import dev.dormouse.saga.engine.Plan.PlanStep;

/// Trying again: the same command with the same key, later and later, until the policy says enough.
final class Attempts {
  private Attempts() {}

  /// Whether this alarm guards the attempt that is under way.
  static boolean matches(Draft draft, AlarmRef alarm, Way way) {
    return !draft.saga().paused()
        && draft.plan.has(alarm.step())
        && draft.step(alarm.step()).underWay(way)
        && draft.step(alarm.step()).attempt(way) == alarm.attempt();
  }

  /// Whether this failure belongs to the attempt that is under way.
  static boolean matches(Draft draft, Trigger.Failed failed) {
    return draft.plan.has(failed.step())
        && draft.step(failed.step()).asked(failed.way())
        && draft.step(failed.step()).attempt(failed.way()) == failed.attempt();
  }

  static boolean left(Draft draft, int step, Way way) {
    RetryPolicy policy = draft.plan.step(step).retry(way);
    return draft.step(step).attempt(way) < policy.maxAttempts();
  }

  static boolean left(Draft draft, Trigger.Failed failed) {
    RetryPolicy policy = draft.plan.step(failed.step()).retry(failed.way());
    return left(draft, failed.step(), failed.way())
        && !policy.nonRetryable().contains(failed.code());
  }

  /// The next attempt goes out now; the one after it waits for its answer or for the back-off,
  /// whichever takes longer.
  static Decision again(Draft draft, Transition transition, int index, Way way) {
    PlanStep step = draft.plan.step(index);
    int attempt = draft.step(index).attempt(way);
    draft.noAlarm(draft.guard(index, way));
    long patience = Math.max(step.timeout(), wait(draft, index, way, attempt));
    draft.send(index, way, attempt + 1, patience);
    return draft.done(transition, index, "attempt " + (attempt + 1));
  }

  /// The attempt failed; the next one goes out after the back-off. Held back if it is paused.
  static Decision later(Draft draft, Transition transition, Trigger.Failed failed) {
    StepRow row = draft.step(failed.step());
    draft.step(row.backingOff(failed.way()));
    if (!draft.saga().paused()) {
      long wait = wait(draft, failed.step(), failed.way(), failed.attempt());
      draft.alarm(draft.guard(failed.step(), failed.way()), draft.now + wait);
    }
    return draft.done(
        transition,
        failed.step(),
        "attempt " + failed.attempt() + " failed: " + failed.code() + " " + failed.message());
  }

  private static long wait(Draft draft, int index, Way way, int attempt) {
    RetryPolicy policy = draft.plan.step(index).retry(way);
    return Backoff.millis(policy, draft.saga().id(), index, way, attempt);
  }
}
