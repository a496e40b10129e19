package dev.dormouse.saga.engine;

import dev.dormouse.saga.engine.Plan.PlanStep;
import dev.dormouse.saga.engine.StepRow.Act;
import dev.dormouse.saga.engine.StepRow.Undo;
import java.util.Comparator;
import java.util.List;

/// What follows from how the steps stand: the next stage, the next undo, the end, or a stop.
///
/// Triggers only settle steps; what is sent next is decided here alone. A paused saga is held by
/// not coming here.
final class Progress {
  private Progress() {}

  static void advance(Draft draft) {
    if (draft.saga().paused()) {
      return;
    }
    switch (draft.state()) {
      case SagaState.Running running -> forward(draft, running.stage());
      case SagaState.Compensating _ -> backward(draft);
      case SagaState.NotStarted _,
          SagaState.ParkedForward _,
          SagaState.ParkedBackward _,
          SagaState.Completed _,
          SagaState.Compensated _ -> {}
    }
  }

  /// Goes back, unless a step that may have passed the pivot forbids it.
  static void turnBack(Draft draft, String cause) {
    draft.noAlarm(AlarmRef.deadline(draft.saga().id()));
    draft.become(new SagaState.Compensating());
    draft.saga(draft.saga().cause(cause));
    advance(draft);
  }

  /// Whether everything that was done, or may have been, can still be undone.
  static boolean returnable(Draft draft) {
    int pivot = draft.plan.pivot();
    if (pivot < 0) {
      return true;
    }
    return switch (draft.step(pivot).act()) {
      // One that is to be tried again may have been done before.
      case PENDING -> draft.step(pivot).order() == 0;
      case REFUSED -> true;
      case STARTED, BACKING_OFF, UNKNOWN -> draft.plan.step(pivot).hasUndo();
      case DONE, SKIPPED -> false;
    };
  }

  /// Gives up waiting for the steps under way: they may have been done, or be done yet.
  static void loseSight(Draft draft) {
    for (StepRow row : draft.saga().steps()) {
      if (row.underWay(Way.DO)) {
        draft.settle(row.act(Act.UNKNOWN), Way.DO);
      }
    }
  }

  private static void forward(Draft draft, int first) {
    for (int stage = first; stage < draft.plan.stages(); stage++) {
      draft.become(new SagaState.Running(stage));
      List<StepRow> rows =
          draft.plan.stage(stage).stream().map(step -> draft.step(step.index())).toList();
      if (rows.stream().anyMatch(row -> row.underWay(Way.DO))) {
        return;
      }
      List<StepRow> troubled = rows.stream().filter(StepRow::inTrouble).toList();
      if (!troubled.isEmpty()) {
        parkForward(draft, stage, troubled);
        return;
      }
      List<StepRow> pending = rows.stream().filter(row -> row.act() == Act.PENDING).toList();
      if (!pending.isEmpty()) {
        pending.forEach(row -> start(draft, row.index()));
        return;
      }
    }
    end(draft, new SagaState.Completed());
  }

  private static void start(Draft draft, int index) {
    StepRow row = draft.step(index);
    if (row.order() == 0) {
      int started = draft.saga().steps().stream().mapToInt(StepRow::order).max().orElse(0);
      draft.step(row.ordered(started + 1));
    }
    draft.send(index, Way.DO, 1, draft.plan.step(index).timeout());
  }

  private static void backward(Draft draft) {
    List<StepRow> rows = draft.saga().steps();
    if (rows.stream().anyMatch(row -> row.underWay(Way.DO) || row.underWay(Way.UNDO))) {
      return;
    }
    rows.stream()
        .filter(row -> row.mayHaveEffect() && row.undo() == Undo.NONE)
        .filter(row -> draft.plan.step(row.index()).hasUndo())
        .max(Comparator.comparingInt(StepRow::order))
        .map(row -> draft.plan.step(row.index()))
        .ifPresentOrElse(
            (PlanStep step) -> draft.send(step.index(), Way.UNDO, 1, step.timeout()),
            () -> end(draft, new SagaState.Compensated()));
  }

  private static void parkForward(Draft draft, int stage, List<StepRow> troubled) {
    draft.become(new SagaState.ParkedForward(stage));
    for (StepRow row : troubled) {
      String what = row.act() == Act.REFUSED ? "refused" : "not answered";
      draft.dead(new DeadChange.Open(row.index(), Way.DO, what, draft.now, Parking.review(draft)));
    }
    Parking.watch(draft);
  }

  private static void end(Draft draft, SagaState state) {
    String id = draft.saga().id();
    draft.become(state);
    draft.saga(draft.saga().times(draft.saga().started(), draft.saga().deadline(), draft.now));
    draft.noAlarm(AlarmRef.deadline(id));
    draft.noAlarm(AlarmRef.review(id));
    draft.notice(new Notice.Ended(state.status(), draft.saga().cause()));
  }
}
