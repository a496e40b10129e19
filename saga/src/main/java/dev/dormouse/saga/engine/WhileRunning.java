package dev.dormouse.saga.engine;

import dev.dormouse.saga.engine.StepRow.Act;

/// What happens to a saga that goes forward.
final class WhileRunning {
  private WhileRunning() {}

  static Decision on(Draft draft, Trigger trigger) {
    return switch (trigger) {
      case Trigger.Start _ -> draft.nothing(Transition.T1_AGAIN, Answer.YES);
      case Trigger.Ok ok -> done(draft, ok);
      case Trigger.Refused refused -> refused(draft, refused.step(), refused.reason());
      case Trigger.Unsendable unsendable -> refused(draft, unsendable.step(), unsendable.reason());
      case Trigger.Failed failed -> failed(draft, failed);
      case Trigger.Undone undone -> draft.late(undone.step(), "undone, but nothing goes back");
      case Trigger.Rang rang -> rang(draft, rang.alarm());
      case Trigger.Cancel cancel -> cancel(draft, cancel);
      case Trigger.Pause pause -> Parking.pause(draft, pause);
      case Trigger.Resume resume -> Parking.resume(draft, resume);
      case Trigger.Retry _, Trigger.Skip _, Trigger.Resolve _ -> draft.no("it is not parked");
    };
  }

  static Decision done(Draft draft, Trigger.Ok ok) {
    if (!underWay(draft, ok.step())) {
      return draft.late(ok.step(), "done, but not waited for");
    }
    draft.settle(draft.step(ok.step()).act(Act.DONE), Way.DO);
    if (ok.step() == draft.plan.pivot()) {
      draft.noAlarm(AlarmRef.deadline(draft.saga().id()));
    }
    Progress.advance(draft);
    return draft.done(label(draft), ok.step(), "done");
  }

  private static Transition label(Draft draft) {
    return switch (draft.state()) {
      case SagaState.Completed _ -> Transition.T3;
      case SagaState.ParkedForward _ -> Transition.T7;
      case SagaState.NotStarted _,
          SagaState.Running _,
          SagaState.Compensating _,
          SagaState.ParkedBackward _,
          SagaState.Compensated _ ->
          Transition.T2;
    };
  }

  private static Decision refused(Draft draft, int step, String reason) {
    if (!underWay(draft, step)) {
      return draft.late(step, "refused, but not waited for: " + reason);
    }
    draft.settle(draft.step(step).act(Act.REFUSED), Way.DO);
    String cause = draft.plan.step(step).name() + " was refused: " + reason;
    if (Progress.returnable(draft)) {
      Progress.turnBack(draft, cause);
      return draft.done(Transition.T4, step, reason);
    }
    return stuck(draft, step, cause);
  }

  private static Decision failed(Draft draft, Trigger.Failed failed) {
    if (failed.way() != Way.DO || !Attempts.matches(draft, failed)) {
      return draft.late(failed.step(), "failed, but not waited for");
    }
    return Attempts.left(draft, failed)
        ? Attempts.later(draft, Transition.T5, failed)
        : exhausted(draft, failed.step(), failed.code() + " " + failed.message());
  }

  private static Decision rang(Draft draft, AlarmRef alarm) {
    return switch (alarm.kind()) {
      case DO -> {
        if (!Attempts.matches(draft, alarm, Way.DO)) {
          yield draft.late(alarm.step(), "an alarm nobody waits for");
        }
        yield Attempts.left(draft, alarm.step(), Way.DO)
            ? Attempts.again(draft, Transition.T5, alarm.step(), Way.DO)
            : exhausted(draft, alarm.step(), "not answered");
      }
      case UNDO -> draft.late(alarm.step(), "an alarm nobody waits for");
      case DEADLINE -> deadline(draft);
      case REVIEW ->
          draft.saga().paused() ? Parking.stillPaused(draft) : draft.late(-1, "nothing to review");
    };
  }

  private static Decision exhausted(Draft draft, int step, String reason) {
    draft.settle(draft.step(step).act(Act.UNKNOWN), Way.DO);
    String cause = draft.plan.step(step).name() + " did not succeed: " + reason;
    if (Progress.returnable(draft)) {
      Progress.turnBack(draft, cause);
      return draft.done(Transition.T6, step, reason);
    }
    return stuck(draft, step, cause);
  }

  /// Parks at once, or as soon as the other members of the group are settled.
  private static Decision stuck(Draft draft, int step, String cause) {
    draft.saga(draft.saga().cause(cause));
    Progress.advance(draft);
    return draft.done(Transition.T7, step, cause);
  }

  private static Decision deadline(Draft draft) {
    if (draft.saga().paused()) {
      return draft.late(-1, "the deadline passed; seen to when it is resumed");
    }
    if (!Progress.returnable(draft)) {
      return draft.late(-1, "the deadline passed after the pivot");
    }
    Progress.loseSight(draft);
    Progress.turnBack(draft, "the deadline passed");
    return draft.done(Transition.T6, -1, "the deadline passed");
  }

  private static Decision cancel(Draft draft, Trigger.Cancel cancel) {
    if (!Progress.returnable(draft)) {
      return draft.no("it is past its pivot and only goes forward");
    }
    Progress.loseSight(draft);
    String cause = "cancelled by " + cancel.actor() + ": " + cancel.note();
    Progress.turnBack(draft, cause);
    return draft.done(Transition.T6, -1, cause);
  }

  private static boolean underWay(Draft draft, int step) {
    return draft.plan.has(step) && draft.step(step).underWay(Way.DO);
  }
}
