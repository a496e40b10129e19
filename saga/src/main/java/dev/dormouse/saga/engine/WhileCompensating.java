package dev.dormouse.saga.engine;

import dev.dormouse.saga.engine.StepRow.Act;
import dev.dormouse.saga.engine.StepRow.Undo;

/// What happens to a saga that goes back. While members of a group are still being waited for,
/// their answers and alarms settle them (T4, T6); nothing is done again.
final class WhileCompensating {
  private WhileCompensating() {}

  static Decision on(Draft draft, Trigger trigger) {
    return switch (trigger) {
      case Trigger.Start _ -> draft.nothing(Transition.T1_AGAIN, Answer.YES);
      case Trigger.Ok ok -> settled(draft, Transition.T4, ok.step(), Act.DONE);
      case Trigger.Refused refused -> settled(draft, Transition.T4, refused.step(), Act.REFUSED);
      case Trigger.Undone undone -> undone(draft, undone.step());
      case Trigger.Failed failed -> failed(draft, failed);
      case Trigger.Unsendable unsendable ->
          switch (unsendable.way()) {
            case DO -> settled(draft, Transition.T4, unsendable.step(), Act.REFUSED);
            case UNDO -> given(draft, unsendable.step(), unsendable.reason());
          };
      case Trigger.Rang rang -> rang(draft, rang.alarm());
      case Trigger.Cancel _ -> draft.late(-1, "cancelled, and going back already");
      case Trigger.Pause pause -> Parking.pause(draft, pause);
      case Trigger.Resume resume -> Parking.resume(draft, resume);
      case Trigger.Retry _, Trigger.Skip _, Trigger.Resolve _ -> draft.no("it is not parked");
    };
  }

  private static Decision settled(Draft draft, Transition transition, int step, Act act) {
    if (!draft.plan.has(step) || !draft.step(step).underWay(Way.DO)) {
      return draft.late(step, "an answer to what is no longer wanted");
    }
    draft.settle(draft.step(step).act(act), Way.DO);
    Progress.advance(draft);
    return draft.done(transition, step, "settled while going back");
  }

  static Decision undone(Draft draft, int step) {
    if (!draft.plan.has(step) || !draft.step(step).underWay(Way.UNDO)) {
      return draft.late(step, "undone, but not waited for");
    }
    draft.settle(draft.step(step).undo(Undo.UNDONE), Way.UNDO);
    Progress.advance(draft);
    return draft.done(Transition.T8, step, "undone");
  }

  private static Decision failed(Draft draft, Trigger.Failed failed) {
    if (!Attempts.matches(draft, failed)) {
      return draft.late(failed.step(), "failed, but not waited for");
    }
    return switch (failed.way()) {
      case DO -> settled(draft, Transition.T6, failed.step(), Act.UNKNOWN);
      case UNDO ->
          Attempts.left(draft, failed)
              ? Attempts.later(draft, Transition.T9, failed)
              : given(draft, failed.step(), failed.code() + " " + failed.message());
    };
  }

  private static Decision rang(Draft draft, AlarmRef alarm) {
    return switch (alarm.kind()) {
      case DO ->
          Attempts.matches(draft, alarm, Way.DO)
              ? settled(draft, Transition.T6, alarm.step(), Act.UNKNOWN)
              : draft.late(alarm.step(), "an alarm nobody waits for");
      case UNDO -> {
        if (!Attempts.matches(draft, alarm, Way.UNDO)) {
          yield draft.late(alarm.step(), "an alarm nobody waits for");
        }
        yield Attempts.left(draft, alarm.step(), Way.UNDO)
            ? Attempts.again(draft, Transition.T9, alarm.step(), Way.UNDO)
            : given(draft, alarm.step(), "not answered");
      }
      case DEADLINE -> draft.late(-1, "the deadline passed, and it goes back already");
      case REVIEW ->
          draft.saga().paused() ? Parking.stillPaused(draft) : draft.late(-1, "nothing to review");
    };
  }

  /// T10: gives the undo up, never silently.
  private static Decision given(Draft draft, int step, String reason) {
    if (!draft.plan.has(step) || !draft.step(step).underWay(Way.UNDO)) {
      return draft.late(step, "failed, but not waited for");
    }
    Parking.parkBackward(draft, step, reason);
    return draft.done(Transition.T10, step, reason);
  }
}
