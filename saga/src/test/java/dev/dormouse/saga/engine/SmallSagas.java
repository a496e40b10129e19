package dev.dormouse.saga.engine;

import dev.dormouse.saga.Command;
import dev.dormouse.saga.OnParked;
import dev.dormouse.saga.RetryPolicy;
import dev.dormouse.saga.Saga;
import dev.dormouse.saga.SagaBuilder;
import dev.dormouse.saga.StepBuilder;
import java.time.Duration;
import java.util.function.UnaryOperator;

/// Definitions small enough to look at every state they can be in.
final class SmallSagas {
  private SmallSagas() {}

  static RetryPolicy attempts(int most) {
    return RetryPolicy.of(most, Duration.ofSeconds(1), 2, Duration.ofMinutes(1), 0.5, "hopeless");
  }

  static Command<String> command(String operation) {
    return Command.toRoom("test", _ -> "room", operation, soFar -> soFar.input());
  }

  static UnaryOperator<StepBuilder<String>> undoable(int attempts, int undoAttempts) {
    return step ->
        step.act(command("act"))
            .undo(command("undo"))
            .retry(attempts(attempts))
            .undoRetry(attempts(undoAttempts));
  }

  static UnaryOperator<StepBuilder<String>> pivot(int attempts) {
    return step -> step.act(command("act")).pivot().retry(attempts(attempts));
  }

  static UnaryOperator<StepBuilder<String>> retriable(int attempts) {
    return step -> step.act(command("act")).retriable().retry(attempts(attempts));
  }

  static SagaBuilder<String> saga(String name) {
    return Saga.define(name, String.class)
        .deadline(Duration.ofHours(1))
        .onParked(new OnParked(Duration.ofHours(1), 1));
  }

  static Saga<String> two() {
    return saga("two").step("a", undoable(2, 2)).step("b", undoable(2, 1)).build();
  }

  static Saga<String> three() {
    return saga("three")
        .step("a", undoable(1, 1))
        .step("b", undoable(1, 1))
        .step("c", undoable(1, 1))
        .build();
  }

  static Saga<String> reading() {
    return saga("reading")
        .step("a", undoable(1, 1))
        .step("look", step -> step.act(command("look")).noUndo().retry(attempts(2)))
        .step("b", undoable(1, 1))
        .build();
  }

  static Saga<String> looking() {
    return saga("looking")
        .parallel(both ->
            both.step("look", step -> step.act(command("look")).noUndo().retry(attempts(1)))
                .step("peek", step -> step.act(command("peek")).noUndo().retry(attempts(1))))
        .step("a", undoable(1, 1))
        .build();
  }

  static Saga<String> pivoting() {
    return saga("pivoting")
        .step("a", undoable(1, 1))
        .step("p", pivot(2))
        .step("r", retriable(1))
        .build();
  }

  static Saga<String> softPivot() {
    return saga("soft-pivot")
        .step("a", undoable(1, 1))
        .step("p", step -> undoable(1, 1).apply(step).pivot())
        .step("r", retriable(1))
        .build();
  }

  static Saga<String> group() {
    return saga("group")
        .parallel(both -> both.step("a", undoable(1, 1)).step("b", undoable(1, 1)))
        .step("c", undoable(1, 1))
        .build();
  }

  static Saga<String> lateGroup() {
    return saga("late-group")
        .step("p", pivot(1))
        .parallel(both -> both.step("r", retriable(1)).step("s", retriable(1)))
        .build();
  }
}
