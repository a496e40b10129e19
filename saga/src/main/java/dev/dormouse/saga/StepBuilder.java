package dev.dormouse.saga;

import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Says what one step is; used by one thread, inside [SagaBuilder#step].
public final class StepBuilder<I> {
  final String name;
  final Set<Step.Kind> kinds = EnumSet.noneOf(Step.Kind.class);
  private @Nullable Command<I> act;
  @Nullable Command<I> undo;
  Duration timeout = Duration.ofSeconds(30);
  RetryPolicy retry = RetryPolicy.defaults();
  RetryPolicy undoRetry = RetryPolicy.defaults();

  StepBuilder(String name) {
    this.name = name;
  }

  /// What is done.
  public StepBuilder<I> act(Command<I> command) {
    act = command;
    return this;
  }

  /// What takes it back. It may be sent when nobody knows whether the step was done, and even
  /// before the step arrives, which it then keeps from happening.
  public StepBuilder<I> undo(Command<I> command) {
    undo = command;
    return this;
  }

  /// Says that there is nothing to take back.
  public StepBuilder<I> noUndo() {
    kinds.add(Step.Kind.NO_UNDO);
    return this;
  }

  /// Makes this the point of no return.
  public StepBuilder<I> pivot() {
    kinds.add(Step.Kind.PIVOT);
    return this;
  }

  /// Says that it must succeed in the end; every step after the pivot says so.
  public StepBuilder<I> retriable() {
    kinds.add(Step.Kind.RETRIABLE);
    return this;
  }

  /// How long an attempt, of the step or of its undo, may stay without an answer; 30 s by default.
  public StepBuilder<I> timeout(Duration timeout) {
    this.timeout = timeout;
    return this;
  }

  public StepBuilder<I> retry(RetryPolicy policy) {
    retry = policy;
    return this;
  }

  public StepBuilder<I> undoRetry(RetryPolicy policy) {
    undoRetry = policy;
    return this;
  }

  Step<I> build() {
    Step.Kind kind =
        kinds.isEmpty()
            ? (undo == null ? Step.Kind.UNDECLARED : Step.Kind.COMPENSATABLE)
            : kinds.iterator().next();
    return Step.of(this, act, kind);
  }
}
