package dev.dormouse.saga;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// One step of a saga: what is done, how it is undone, how patiently.
///
/// @param act empty only in a definition that is refused
/// @param timeout how long an attempt may stay without an answer
/// @param retry the attempts to do it
/// @param undoRetry the attempts to undo it
public record Step<I>(
    String name,
    Kind kind,
    Optional<Command<I>> act,
    Optional<Command<I>> undo,
    Duration timeout,
    RetryPolicy retry,
    RetryPolicy undoRetry) {

  /// What may become of a step once it is done.
  public enum Kind {
    /// Its undo takes it back.
    COMPENSATABLE,
    /// It leaves nothing to take back, as its definition says: it only reads, say.
    NO_UNDO,
    /// The point of no return: once it is done the saga only goes forward. Its undo, if it has one,
    /// is for the case that nobody knows whether it was done.
    PIVOT,
    /// After the pivot: must succeed in the end.
    RETRIABLE,
    /// Not said; refused when the saga is built.
    UNDECLARED
  }

  /// @throws IllegalStateException never for a step of a saga that was built
  public Command<I> command() {
    return act.orElseThrow(() -> new IllegalStateException("step '" + name + "' has no act"));
  }

  static <I> Step<I> of(StepBuilder<I> builder, @Nullable Command<I> act, Kind kind) {
    return new Step<>(
        builder.name,
        kind,
        Optional.ofNullable(act),
        Optional.ofNullable(builder.undo),
        builder.timeout,
        builder.retry,
        builder.undoRetry);
  }
}
