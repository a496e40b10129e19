package dev.dormouse.saga.engine;

/// The state machine: what a trigger makes of a saga. Pure: the same saga, trigger and time always
/// give the same decision, and nothing else is read or changed.
public final class Transitions {
  private Transitions() {}

  /// @param plan of the definition and version that the saga started with
  /// @param saga as it is stored, or [SagaRow#none]
  /// @param now milliseconds since 1970 UTC
  public static Decision decide(Plan plan, SagaRow saga, Trigger trigger, long now) {
    Draft draft = new Draft(plan, saga, now);
    if (trigger instanceof Trigger.Rang rang) {
      draft.noAlarm(rang.alarm());
    }
    return switch (saga.state()) {
      case SagaState.NotStarted _ -> BeforeStart.on(draft, trigger);
      case SagaState.Running _ -> WhileRunning.on(draft, trigger);
      case SagaState.Compensating _ -> WhileCompensating.on(draft, trigger);
      case SagaState.ParkedForward parked -> WhileParked.forward(draft, parked.stage(), trigger);
      case SagaState.ParkedBackward parked -> WhileParked.backward(draft, parked.step(), trigger);
      case SagaState.Completed _, SagaState.Compensated _ -> OnceEnded.on(draft, trigger);
    };
  }

  /// T12: writes down something that changes nothing.
  static Decision note(SagaRow saga, String detail, long now) {
    Draft draft = new Draft(Plan.NONE, saga, now);
    return saga.state() instanceof SagaState.NotStarted
        ? draft.nothing(Transition.T12, Answer.YES)
        : draft.late(-1, detail);
  }
}
