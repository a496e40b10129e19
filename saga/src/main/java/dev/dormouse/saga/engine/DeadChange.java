package dev.dormouse.saga.engine;

/// What a decision does to the dead rows.
public sealed interface DeadChange {
  int step();

  Way way();

  record Open(int step, Way way, String reason, long at, long reviewAt) implements DeadChange {}

  /// It was looked at, and stays.
  record Reviewed(int step, Way way, long reviewAt) implements DeadChange {}

  /// The row stays, closed.
  record Close(int step, Way way, String actor, String note) implements DeadChange {}
}
