package dev.dormouse.room.spi;

import dev.dormouse.room.RoomId;
import dev.dormouse.room.StartCause;

/// Hears what the runtime does, for metrics and logs. Called from any thread, on hot paths: must be
/// quick and must not throw.
public interface RoomObserver {

  /// Does nothing.
  RoomObserver NONE = new RoomObserver() {};

  /// An instance was built and has started; failures to do so show up in [#handlerFailed].
  ///
  /// @param by what it was started for
  /// @param nanos how long that waited for it, from its arrival at the sleeping room where the room
  ///   slept
  default void roomStarted(RoomId room, StartCause cause, WokenBy by, long nanos) {}

  /// A room left the memory (H1).
  default void roomFellAsleep(RoomId room) {}

  /// A turn ended well, after `nanos`.
  default void turnEnded(RoomId room, long nanos) {}

  /// A write set became durable `nanos` after its turn ended: so long its output was held (O1).
  default void committed(RoomId room, long nanos) {}

  /// An alarm reaches its handler, `millis` after it was due.
  default void alarmFires(RoomId room, String alarm, long millis) {}

  /// A handler threw something other than a refusal, or a room could not be built.
  default void handlerFailed(RoomId room, Throwable failure) {}

  /// A write set failed and the room was reset.
  default void commitFailed(RoomId room, CommitFailure failure) {}

  /// A handler was over its limit and its room was reset.
  default void overLimit(RoomId room, String what) {}

  /// A room wanted to store more than it may, and was refused
  /// ([dev.dormouse.room.Refusal.RoomFull]).
  default void roomFull(RoomId room) {}

  /// An alarm failed for good and stays parked.
  default void alarmParked(RoomId room, String alarm) {}

  /// An event ended: one or more turns ran.
  default void eventDone(RoomId room) {}

  /// An error in the runtime's own work that has no caller to be told.
  default void runtimeFailed(String what, Throwable failure) {}

  /// What can wake a room (H2).
  enum WokenBy {
    UPGRADE,
    OPENING,
    MESSAGE,
    CLOSE,
    REQUEST,
    CALL,
    ALARM,
    /// Work that the room put off, which outlived its incarnation's fault.
    TIMER,
    /// A person, through the inspector.
    OPERATOR
  }
}
