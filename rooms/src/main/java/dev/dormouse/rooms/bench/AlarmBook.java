package dev.dormouse.rooms.bench;

import dev.dormouse.room.Alarm;
import dev.dormouse.room.RoomContext;
import java.time.Instant;

/// The room's alarms and the stored account of those that were completed. There is one, or as many
/// as were asked for, which then are due at the same time.
final class AlarmBook {
  private static final String NAME = "bench";
  private static final String FAILURES = "alarm.fail";
  private static final String COMPLETED = "alarm.completed";
  private static final String LOG = "alarm.log";

  /// How many completed alarms the log remembers.
  private static final int LOGGED = 20;

  private final RoomContext context;

  AlarmBook(RoomContext context) {
    this.context = context;
  }

  /// @param failures how many attempts of the handler are to throw first
  /// @param count how many alarms, each with a name of its own
  void set(long inMillis, int failures, int count) {
    context.storage().putText(FAILURES, Integer.toString(failures));
    Instant due = context.clock().instant().plusMillis(inMillis);
    for (int i = 0; i < count; i++) {
      context.alarms().set(i == 0 ? NAME : NAME + "-" + i, due);
    }
  }

  /// Writes the alarm down as completed.
  ///
  /// @throws IllegalStateException if this attempt is one of those that are to fail
  void complete(Alarm alarm) {
    int failures = context.storage().getText(FAILURES).map(Integer::parseInt).orElse(0);
    if (alarm.attempt() <= failures) {
      throw new IllegalStateException(
          "attempt %d of %d that were asked to fail".formatted(alarm.attempt(), failures));
    }
    String entry =
        "[%d,%d,%b]".formatted(context.clock().millis(), alarm.attempt() - 1, alarm.attempt() > 1);
    String log = context.storage().getText(LOG).map(old -> old + "\n" + entry).orElse(entry);
    if (log.lines().count() > LOGGED) {
      log = log.substring(log.indexOf('\n') + 1);
    }
    context.storage().putText(LOG, log);
    context.storage().putText(COMPLETED, Long.toString(completed() + 1));
  }

  long completed() {
    return context.storage().getText(COMPLETED).map(Long::parseLong).orElse(0L);
  }

  /// The log as JSON: `[time in ms, attempt from 0, whether it was a retry]` for each.
  String log() {
    return "[" + context.storage().getText(LOG).orElse("").replace('\n', ',') + "]";
  }

  /// When the first alarm is due, in ms since 1970 UTC, as JSON; `null` if it is not set.
  String due() {
    return context
        .alarms()
        .get(NAME)
        .map(Alarm::due)
        .map(Instant::toEpochMilli)
        .map(String::valueOf)
        .orElse("null");
  }
}
