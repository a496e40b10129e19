package dev.dormouse.saga.facility;

import dev.dormouse.room.RoomId;
import dev.dormouse.saga.SagaStatus;
import dev.dormouse.saga.engine.Way;

/// Hears what sagas do, for metrics: each thing once the turn that did it is durable. Called from
/// any thread, on hot paths: must be quick and must not throw.
public interface SagaObserver {

  /// Does nothing.
  SagaObserver NONE = new SagaObserver() {};

  default void started(String definition) {}

  /// @param outcome [SagaStatus#COMPLETED] or [SagaStatus#COMPENSATED]
  default void ended(String definition, SagaStatus outcome) {}

  /// A saga stops until somebody decides.
  ///
  /// @param status [SagaStatus#PARKED_FORWARD] or [SagaStatus#PARKED_BACKWARD]
  default void parked(String definition, SagaStatus status) {}

  /// A command goes out to have a step done or undone.
  ///
  /// @param again whether it is a further attempt
  default void attempted(String definition, Way way, boolean again) {}

  /// An attempt was not answered in time.
  default void timedOut(String definition, Way way) {}

  /// An attempt to undo a step was answered: it failed.
  default void undoFailed(String definition) {}

  default void letterSent() {}

  /// Letters that nobody has said to have taken went out once more.
  default void lettersResent(int count) {}

  /// How many letters of a room nobody has said to have taken; told whenever that changes, and
  /// again by each guard that rings.
  default void lettersWaiting(RoomId room, long count) {}
}
