package dev.dormouse.saga.engine;

import dev.dormouse.saga.SagaStatus;

/// What a saga tells the world, through the outbox of its room.
public sealed interface Notice {

  /// It has come to its end.
  ///
  /// @param cause why it went back; empty if it did not
  record Ended(SagaStatus status, String cause) implements Notice {}

  /// It is parked, or still is.
  record Parked(SagaStatus status, String cause) implements Notice {}
}
