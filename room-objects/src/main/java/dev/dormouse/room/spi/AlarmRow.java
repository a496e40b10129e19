package dev.dormouse.room.spi;

import dev.dormouse.room.Alarm;

/// An alarm as it is stored.
///
/// @param name unique in its room
/// @param due when it was set to fire, in milliseconds since 1970 UTC; [Long#MAX_VALUE] at restart
/// @param next when it fires next: `due`, or the end of a back-off; same unit
/// @param attempt how often its handler has been entered and failed
/// @param state only [Alarm.State#SET] rows fire
public record AlarmRow(String name, long due, long next, int attempt, Alarm.State state) {

  public static AlarmRow at(String name, long due) {
    return new AlarmRow(name, due, due, 0, Alarm.State.SET);
  }

  /// Fires at the next process start: the store turns these rows into overdue [#at] rows when it
  /// opens (A3).
  public static AlarmRow atRestart(String name) {
    return new AlarmRow(name, Long.MAX_VALUE, Long.MAX_VALUE, 0, Alarm.State.AT_RESTART);
  }

  public AlarmRow retry(long next, int attempt) {
    return new AlarmRow(name, due, next, attempt, Alarm.State.SET);
  }

  public AlarmRow parked(int attempt) {
    return new AlarmRow(name, due, next, attempt, Alarm.State.PARKED);
  }
}
