package dev.dormouse.room.spi;

import dev.dormouse.room.RoomId;

/// Hears what the runtime does, for metrics and logs. Called from any thread, on hot paths: must be
/// quick and must not throw.
public interface RoomObserver {

  /// Does nothing.
  RoomObserver NONE = new RoomObserver() {};

  /// An instance was built; `attempt` fails show up in [#handlerFailed].
  default void roomStarted(RoomId room, dev.dormouse.room.StartCause cause) {}

  /// A handler threw something other than a refusal, or a room could not be built.
  default void handlerFailed(RoomId room, Throwable failure) {}

  /// A write set failed and the room was reset.
  default void commitFailed(RoomId room, CommitFailure failure) {}

  /// A handler was over its limit and its room was reset.
  default void overLimit(RoomId room, String what) {}

  /// An alarm failed for good and stays parked.
  default void alarmParked(RoomId room, String alarm) {}

  /// An event ended: one or more turns ran.
  default void eventDone(RoomId room) {}

  /// An error in the runtime's own work that has no caller to be told.
  default void runtimeFailed(String what, Throwable failure) {}
}
