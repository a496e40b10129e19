package dev.dormouse.saga;

import java.util.Optional;

/// What a saga knows when it makes a command: its input, and the results of the steps before.
public interface SoFar<I> {

  String sagaId();

  I input();

  /// @throws IllegalStateException if the step has no result: it is not done, was skipped, or
  ///   nobody knows what became of it
  <R> R result(String step, Class<R> type);

  /// The same, or empty. An undo asks this way for the result of its own step: it is also sent when
  /// nobody knows whether the step was done.
  <R> Optional<R> known(String step, Class<R> type);
}
