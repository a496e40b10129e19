package dev.dormouse.saga.engine;

import dev.dormouse.saga.engine.StepRow.Undo;

/// Stopping a saga until somebody decides, and holding one that is paused. Either way an alarm
/// watches over it.
final class Parking {
  private Parking() {}

  /// When what stops now is looked at next.
  static long review(Draft draft) {
    return draft.now + draft.plan.onParked().review().toMillis();
  }

  /// Has the review alarm watch over a saga that is parked, and tells about it.
  static void watch(Draft draft) {
    draft.alarm(AlarmRef.review(draft.saga().id()), review(draft));
    draft.notice(new Notice.Parked(draft.state().status(), draft.saga().cause()));
  }

  static void parkBackward(Draft draft, int step, String reason) {
    draft.settle(draft.step(step).undo(Undo.FAILED), Way.UNDO);
    draft.become(new SagaState.ParkedBackward(step));
    draft.dead(new DeadChange.Open(step, Way.UNDO, reason, draft.now, review(draft)));
    watch(draft);
  }

  /// Makes a parked saga go on; the caller has settled what stood in its way.
  static void leave(Draft draft, SagaState state) {
    if (!draft.saga().paused()) {
      draft.noAlarm(AlarmRef.review(draft.saga().id()));
    }
    draft.become(state);
    Progress.advance(draft);
  }

  /// T13: what is under way stays so, but its alarms give way to the review.
  static Decision pause(Draft draft, Trigger.Pause pause) {
    if (draft.saga().paused()) {
      return draft.late(-1, "paused already");
    }
    draft.saga(draft.saga().paused(true));
    for (StepRow row : draft.saga().steps()) {
      for (Way way : Way.values()) {
        if (row.underWay(way)) {
          draft.noAlarm(draft.guard(row.index(), way));
        }
      }
    }
    draft.alarm(AlarmRef.review(draft.saga().id()), review(draft));
    return draft.done(Transition.T13, -1, "paused by " + pause.actor());
  }

  /// T13 again: it has not been forgotten.
  static Decision stillPaused(Draft draft) {
    draft.alarm(AlarmRef.review(draft.saga().id()), review(draft));
    return draft.done(Transition.T13, -1, "still paused");
  }

  /// T14: sends again what is under way, then whatever was held back.
  static Decision resume(Draft draft, Trigger.Resume resume) {
    if (!draft.saga().paused()) {
      return draft.no("it is not paused");
    }
    draft.saga(draft.saga().paused(false));
    String detail = "resumed by " + resume.actor();
    if (draft.state().parked()) {
      return draft.done(Transition.T14, -1, detail);
    }
    draft.noAlarm(AlarmRef.review(draft.saga().id()));
    boolean running = draft.state() instanceof SagaState.Running;
    long deadline = draft.saga().deadline();
    if (running && deadline > 0 && Progress.returnable(draft)) {
      if (deadline <= draft.now) {
        Progress.loseSight(draft);
        Progress.turnBack(draft, "the deadline passed while it was paused");
        return draft.done(Transition.T14, -1, detail + ", past its deadline");
      }
      draft.alarm(AlarmRef.deadline(draft.saga().id()), deadline);
    }
    if (!running) {
      Progress.loseSight(draft);
    }
    for (StepRow row : draft.saga().steps()) {
      for (Way way : Way.values()) {
        if (row.underWay(way)) {
          long timeout = draft.plan.step(row.index()).timeout();
          draft.send(row.index(), way, row.attempt(way), timeout);
        }
      }
    }
    Progress.advance(draft);
    return draft.done(Transition.T14, -1, detail);
  }
}
