package dev.dormouse.saga.engine;

import dev.dormouse.saga.engine.StepRow.Act;
import dev.dormouse.saga.engine.StepRow.Undo;

/// What happens to a saga that is parked: somebody decides, a review comes round, or an answer
/// turns up after all.
final class WhileParked {
  private WhileParked() {}

  static Decision forward(Draft draft, int stage, Trigger trigger) {
    return switch (trigger) {
      case Trigger.Start _ -> draft.nothing(Transition.T1_AGAIN, Answer.YES);
      case Trigger.Ok ok ->
          troubled(draft, ok.step())
              ? goOn(draft, stage, ok.step(), Act.DONE, "its late answer", "done")
              : draft.late(ok.step(), "done, but not waited for");
      case Trigger.Refused refused -> lateRefusal(draft, refused);
      case Trigger.Undone _, Trigger.Failed _, Trigger.Unsendable _ ->
          draft.late(-1, "an answer to what is no longer wanted");
      case Trigger.Rang rang -> Reviews.rang(draft, rang.alarm());
      case Trigger.Cancel _ -> draft.no("it may be past its pivot: retry, skip or resolve");
      case Trigger.Pause pause -> Parking.pause(draft, pause);
      case Trigger.Resume resume -> Parking.resume(draft, resume);
      case Trigger.Retry retry -> Reviews.retry(draft, retry.actor(), retry.note());
      case Trigger.Skip skip ->
          troubled(draft, skip.step())
              ? goOn(draft, stage, skip.step(), Act.SKIPPED, skip.actor(), skip.note())
              : draft.no("step " + skip.step() + " is not parked");
      case Trigger.Resolve resolve -> resolveForward(draft, stage, resolve);
    };
  }

  static Decision backward(Draft draft, int step, Trigger trigger) {
    return switch (trigger) {
      case Trigger.Start _ -> draft.nothing(Transition.T1_AGAIN, Answer.YES);
      case Trigger.Undone undone ->
          undone.step() == step
              ? goBack(draft, step, Undo.UNDONE, "its late answer", "undone")
              : draft.late(undone.step(), "undone, but not waited for");
      case Trigger.Ok _, Trigger.Refused _, Trigger.Failed _, Trigger.Unsendable _ ->
          draft.late(-1, "an answer to what is no longer wanted");
      case Trigger.Rang rang -> Reviews.rang(draft, rang.alarm());
      case Trigger.Cancel _ -> draft.no("it goes back already: retry, skip or resolve");
      case Trigger.Pause pause -> Parking.pause(draft, pause);
      case Trigger.Resume resume -> Parking.resume(draft, resume);
      case Trigger.Retry retry -> Reviews.retry(draft, retry.actor(), retry.note());
      case Trigger.Skip skip ->
          skip.step() == step
              ? goBack(draft, step, Undo.SKIPPED, skip.actor(), skip.note())
              : draft.no("step " + skip.step() + " is not parked");
      case Trigger.Resolve resolve -> resolveBackward(draft, step, resolve);
    };
  }

  private static boolean troubled(Draft draft, int step) {
    return draft.plan.has(step) && draft.step(step).inTrouble();
  }

  /// T11: one step is dealt with; the saga goes on unless another one of its group is not.
  private static Decision goOn(
      Draft draft, int stage, int step, Act act, String actor, String note) {
    draft.step(draft.step(step).act(act));
    draft.dead(new DeadChange.Close(step, Way.DO, actor, note));
    if (draft.saga().steps().stream().noneMatch(StepRow::inTrouble)) {
      Parking.leave(draft, new SagaState.Running(stage));
    }
    return draft.done(Transition.T11, step, actor + ": " + note);
  }

  private static Decision goBack(Draft draft, int step, Undo undo, String actor, String note) {
    draft.step(draft.step(step).undo(undo));
    draft.dead(new DeadChange.Close(step, Way.UNDO, actor, note));
    Parking.leave(draft, new SagaState.Compensating());
    return draft.done(Transition.T11, step, actor + ": " + note);
  }

  /// Only the pivot can still be found not to have happened, which opens the way back.
  private static Decision lateRefusal(Draft draft, Trigger.Refused refused) {
    return refused.step() == draft.plan.pivot() && troubled(draft, refused.step())
        ? notPassed(draft, "its late answer", refused.reason())
        : draft.late(refused.step(), "refused, but not waited for: " + refused.reason());
  }

  private static Decision notPassed(Draft draft, String actor, String note) {
    int pivot = draft.plan.pivot();
    draft.step(draft.step(pivot).act(Act.REFUSED));
    draft.dead(new DeadChange.Close(pivot, Way.DO, actor, note));
    draft.saga(draft.saga().cause(draft.plan.step(pivot).name() + " was not done: " + note));
    Parking.leave(draft, new SagaState.Compensating());
    return draft.done(Transition.T11, pivot, actor + ": " + note);
  }

  private static Decision resolveForward(Draft draft, int stage, Trigger.Resolve resolve) {
    if (!troubled(draft, resolve.step())) {
      return draft.no("step " + resolve.step() + " is not parked");
    }
    if (resolve.applied()) {
      return goOn(draft, stage, resolve.step(), Act.DONE, resolve.actor(), resolve.note());
    }
    return resolve.step() == draft.plan.pivot()
        ? notPassed(draft, resolve.actor(), resolve.note())
        : draft.no("it is past its pivot: a step that was not done is retried or skipped");
  }

  private static Decision resolveBackward(Draft draft, int step, Trigger.Resolve resolve) {
    if (resolve.step() != step) {
      return draft.no("step " + resolve.step() + " is not parked");
    }
    return resolve.applied()
        ? draft.no("an effect that is to stand is skipped, not resolved")
        : goBack(draft, step, Undo.UNDONE, resolve.actor(), resolve.note());
  }
}
