package dev.dormouse.room;

/// Why an incarnation of a room begins.
public enum StartCause {
  /// The room has no stored state: this is its first start, or all of it was deleted.
  CREATED,
  /// The first start since the process started; connections of the last process are gone (C3).
  RESTARTED,
  /// The room slept; its connections stayed open meanwhile (H2).
  WOKEN,
  /// The last incarnation ended by a throw, an abort, a limit, or a failed commit (T4, T5, O2).
  RESET
}
