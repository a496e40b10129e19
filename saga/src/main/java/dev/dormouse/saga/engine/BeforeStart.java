package dev.dormouse.saga.engine;

import dev.dormouse.saga.engine.Plan.PlanStep;
import java.util.List;

/// What happens to a saga that is not there.
final class BeforeStart {
  private BeforeStart() {}

  static Decision on(Draft draft, Trigger trigger) {
    return switch (trigger) {
      case Trigger.Start _ -> start(draft);
      case Trigger.Rang _, Trigger.Reply _, Trigger.Unsendable _ ->
          draft.nothing(Transition.T12, Answer.YES);
      case Trigger.Verb _ ->
          draft.nothing(Transition.T12, Answer.no("there is no saga '" + draft.saga().id() + "'"));
    };
  }

  private static Decision start(Draft draft) {
    List<StepRow> rows =
        draft.plan.steps().stream().map(PlanStep::index).map(StepRow::pending).toList();
    long deadline = draft.plan.deadline() == 0 ? 0 : draft.now + draft.plan.deadline();
    draft.saga(draft.saga().steps(rows).times(draft.now, deadline, 0));
    if (deadline > 0) {
      draft.alarm(AlarmRef.deadline(draft.saga().id()), deadline);
    }
    draft.become(new SagaState.Running(0));
    Progress.advance(draft);
    return draft.done(Transition.T1, -1, draft.plan.name() + " version " + draft.plan.version());
  }
}
