package dev.dormouse.room;

import java.time.Instant;

/// An alarm of a room, by name: as it stands, or as it fires.
///
/// @param name unique in the room
/// @param due when it was set to fire; [Instant#MAX] for one that waits for the next process start
/// @param attempt how often its handler has been entered for this setting: 0 while it has not
///   fired, 1 in its handler's first run
/// @param state what becomes of it
public record Alarm(String name, Instant due, int attempt, State state) {

  /// Where an alarm stands.
  public enum State {
    /// It will fire when due, or, after a failed attempt, when its back-off ends.
    SET,
    /// It will fire at the next process start (A3).
    AT_RESTART,
    /// Its handler failed too often; it stays, visible, until it is set again or deleted (A1).
    PARKED
  }
}
