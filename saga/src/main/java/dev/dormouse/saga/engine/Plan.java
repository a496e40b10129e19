package dev.dormouse.saga.engine;

import dev.dormouse.saga.OnParked;
import dev.dormouse.saga.RetryPolicy;
import dev.dormouse.saga.Saga;
import dev.dormouse.saga.Step;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// What the state machine needs of a definition: its shape and its patience, without functions.
///
/// @param deadline in milliseconds from the start; 0 for none
/// @param pivot the pivot's index, or -1
public record Plan(
    String name,
    int version,
    List<PlanStep> steps,
    int stages,
    int pivot,
    long deadline,
    OnParked onParked) {

  /// The plan of nothing, for sagas that are not there.
  static final Plan NONE = new Plan("", 0, List.of(), 0, -1, 0, OnParked.remind());

  /// What it needs of one step.
  ///
  /// @param timeout in milliseconds
  public record PlanStep(
      int index,
      String name,
      int stage,
      Step.Kind kind,
      boolean hasUndo,
      long timeout,
      RetryPolicy retry,
      RetryPolicy undoRetry) {

    RetryPolicy retry(Way way) {
      return way == Way.DO ? retry : undoRetry;
    }
  }

  public static Plan of(Saga<?> saga) {
    List<PlanStep> steps = new ArrayList<>();
    int pivot = -1;
    for (int stage = 0; stage < saga.stages().size(); stage++) {
      for (Step<?> step : saga.stages().get(stage)) {
        if (step.kind() == Step.Kind.PIVOT) {
          pivot = steps.size();
        }
        steps.add(
            new PlanStep(
                steps.size(),
                step.name(),
                stage,
                step.kind(),
                step.undo().isPresent(),
                step.timeout().toMillis(),
                step.retry(),
                step.undoRetry()));
      }
    }
    return new Plan(
        saga.name(),
        saga.version(),
        List.copyOf(steps),
        saga.stages().size(),
        pivot,
        saga.deadline().map(Duration::toMillis).orElse(0L),
        saga.onParked());
  }

  public PlanStep step(int index) {
    return steps.get(index);
  }

  /// The steps of one stage, in the order in which they start.
  public List<PlanStep> stage(int stage) {
    return steps.stream().filter(step -> step.stage() == stage).toList();
  }

  /// Whether there is such a step.
  boolean has(int index) {
    return index >= 0 && index < steps.size();
  }
}
