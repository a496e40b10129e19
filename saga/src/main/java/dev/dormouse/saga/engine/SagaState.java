package dev.dormouse.saga.engine;

import dev.dormouse.saga.SagaStatus;

/// Where a saga stands. Whether it is paused is a flag beside it; how its steps stand is in their
/// rows.
public sealed interface SagaState {

  /// There is no such saga; never stored.
  record NotStarted() implements SagaState {}

  /// The steps of `stage` are being done. When one of them fails after the pivot, the others are
  /// waited for first.
  record Running(int stage) implements SagaState {}

  /// It goes back: first the steps still under way are waited for, then one undo after the other.
  record Compensating() implements SagaState {}

  /// A step of `stage` does not succeed and there is no way back.
  record ParkedForward(int stage) implements SagaState {}

  /// The undo of `step` does not succeed.
  record ParkedBackward(int step) implements SagaState {}

  record Completed() implements SagaState {}

  record Compensated() implements SagaState {}

  /// What the world is told.
  ///
  /// @throws IllegalStateException for a saga that was never started
  default SagaStatus status() {
    return switch (this) {
      case NotStarted _ -> throw new IllegalStateException("a saga that was never started");
      case Running _ -> SagaStatus.RUNNING;
      case Compensating _ -> SagaStatus.COMPENSATING;
      case ParkedForward _ -> SagaStatus.PARKED_FORWARD;
      case ParkedBackward _ -> SagaStatus.PARKED_BACKWARD;
      case Completed _ -> SagaStatus.COMPLETED;
      case Compensated _ -> SagaStatus.COMPENSATED;
    };
  }

  default boolean parked() {
    return this instanceof ParkedForward || this instanceof ParkedBackward;
  }
}
