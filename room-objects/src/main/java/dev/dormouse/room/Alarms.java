package dev.dormouse.room;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// The room's alarms: any number, by name, set and deleted as part of the turn, fired at least once
/// each, also when the room sleeps or the process was down meanwhile (A1, A2).
///
/// In its own handler an alarm is no longer listed, unless it was set again.
public interface Alarms {

  /// Sets the alarm, moving it if it was set before. A time in the past fires at once.
  ///
  /// @param name 1 to 256 characters
  void set(String name, Instant due);

  /// Sets the alarm for the next start of the process: for what must be done about clients that
  /// vanished with it (A3).
  void setAtRestart(String name);

  /// Deletes the alarm and says whether it was there. A handler already running is not stopped.
  boolean delete(String name);

  Optional<Alarm> get(String name);

  /// All alarms by name.
  List<Alarm> list();
}
