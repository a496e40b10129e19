package dev.dormouse.saga.engine;

import dev.dormouse.saga.engine.StepRow.Undo;

/// The alarm that watches over a parked saga, and trying again what is parked.
final class Reviews {
  private Reviews() {}

  static Decision rang(Draft draft, AlarmRef alarm) {
    return switch (alarm.kind()) {
      case DO, UNDO -> draft.late(alarm.step(), "an alarm nobody waits for");
      case DEADLINE -> draft.late(-1, "the deadline passed while it was parked");
      case REVIEW -> review(draft);
    };
  }

  private static Decision review(Draft draft) {
    if (draft.saga().paused()) {
      return Parking.stillPaused(draft);
    }
    if (draft.saga().automatic() < draft.plan.onParked().automaticRetries()) {
      draft.saga(draft.saga().automatic(draft.saga().automatic() + 1));
      return retry(draft, "review", "retry " + draft.saga().automatic());
    }
    for (StepRow row : draft.saga().steps()) {
      if (row.undo() == Undo.FAILED) {
        draft.dead(new DeadChange.Reviewed(row.index(), Way.UNDO, Parking.review(draft)));
      } else if (draft.state() instanceof SagaState.ParkedForward && row.inTrouble()) {
        draft.dead(new DeadChange.Reviewed(row.index(), Way.DO, Parking.review(draft)));
      }
    }
    Parking.watch(draft);
    return draft.done(Transition.T11, -1, "still parked");
  }

  /// T11: from the first attempt, with the same key.
  static Decision retry(Draft draft, String actor, String note) {
    switch (draft.state()) {
      case SagaState.ParkedForward parked -> {
        for (StepRow row : draft.saga().steps()) {
          if (row.inTrouble()) {
            draft.step(row.anew());
            draft.dead(new DeadChange.Close(row.index(), Way.DO, actor, note));
          }
        }
        Parking.leave(draft, new SagaState.Running(parked.stage()));
      }
      case SagaState.ParkedBackward parked -> {
        draft.step(draft.step(parked.step()).undo(Undo.NONE));
        draft.dead(new DeadChange.Close(parked.step(), Way.UNDO, actor, note));
        Parking.leave(draft, new SagaState.Compensating());
      }
      case SagaState.NotStarted _,
          SagaState.Running _,
          SagaState.Compensating _,
          SagaState.Completed _,
          SagaState.Compensated _ -> {
        return draft.no("it is not parked");
      }
    }
    return draft.done(Transition.T11, -1, "tried again by " + actor + ": " + note);
  }
}
