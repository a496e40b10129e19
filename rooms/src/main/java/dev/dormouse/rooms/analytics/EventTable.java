package dev.dormouse.rooms.analytics;

import com.fasterxml.jackson.databind.JsonNode;
import dev.dormouse.room.RoomContext;
import dev.dormouse.room.SqlCursor;
import dev.dormouse.room.SqlStorage;
import dev.dormouse.rooms.analytics.Wire.Event;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The events, each once by its id, until they are too old. Has no memory of its own.
final class EventTable {
  static final String[] TABLES = {
    """
    CREATE TABLE IF NOT EXISTS event (
      id TEXT PRIMARY KEY, name TEXT NOT NULL, at INTEGER NOT NULL, data TEXT NOT NULL)
    """,
    "CREATE INDEX IF NOT EXISTS event_at ON event (at)",
    "CREATE INDEX IF NOT EXISTS event_name ON event (name, at)"
  };

  /// The alarm at which [#forget] is to be called.
  static final String ALARM = "retention";

  /// How many events are deleted in one turn.
  static final int FORGOTTEN_AT_ONCE = 5_000;

  private static final int USUAL_DAYS = 30;
  private static final String DAYS = "days";

  /// Between two looks for events that are too old, at least.
  private static final Duration PATIENCE = Duration.ofMinutes(10);

  /// The largest answer to a question, in bytes, roughly.
  private static final int ANSWER = 1 << 20;

  private final RoomContext context;

  EventTable(RoomContext context) {
    this.context = context;
  }

  private SqlStorage sql() {
    return context.storage().sql();
  }

  /// How the room stands. Who looks at one that never had anything makes it no database.
  Wire.State state() {
    if (context.storage().version() == 0) {
      return new Wire.State(0, 0, days());
    }
    long events = sql().exec("SELECT count(*) FROM event").one().getLong(0);
    return new Wire.State(events, sql().databaseSize(), days());
  }

  private int days() {
    return context.storage().getText(DAYS).map(Integer::parseInt).orElse(USUAL_DAYS);
  }

  private long oldest() {
    return context.clock().instant().minus(Duration.ofDays(days())).toEpochMilli();
  }

  // ---- taking

  Wire.Taken take(List<Event> events, @Nullable JsonNode ref) {
    long oldest = oldest();
    int taken = 0;
    int known = 0;
    int old = 0;
    for (Event event : events) {
      if (event.at() < oldest) {
        old++;
        continue;
      }
      long written =
          sql()
              .exec(
                  "INSERT INTO event VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
                  event.id(),
                  event.name(),
                  event.at(),
                  event.data())
              .rowsWritten();
      if (written == 1) {
        taken++;
      } else {
        known++;
      }
    }
    if (taken > 0 && context.alarms().get(ALARM).isEmpty()) {
      schedule();
    }
    return new Wire.Taken("taken", ref, taken, known, old);
  }

  // ---- asking

  /// Runs a statement that only reads.
  ///
  /// @throws dev.dormouse.room.SqlFailure if it is none, is wrong, or takes too long
  Wire.Rows ask(
      String statement, @Nullable Object[] parameters, int limit, @Nullable JsonNode ref) {
    SqlCursor cursor = sql().query(statement, parameters);
    List<List<@Nullable Object>> rows = new ArrayList<>();
    long bytes = 0;
    Iterator<List<@Nullable Object>> found = cursor.raw();
    while (rows.size() < limit && bytes < ANSWER && found.hasNext()) {
      List<@Nullable Object> row = new ArrayList<>();
      for (Object value : found.next()) {
        Object shown =
            value instanceof byte[] blob ? Base64.getEncoder().encodeToString(blob) : value;
        bytes += shown instanceof String text ? text.length() : 16;
        row.add(shown);
      }
      rows.add(row);
    }
    boolean more = cursor.hasNext();
    cursor.close();
    return new Wire.Rows("rows", ref, cursor.columnNames(), rows, more);
  }

  // ---- forgetting

  void keepFor(int days) {
    context.storage().putText(DAYS, Integer.toString(days));
    schedule();
  }

  /// Deletes events that are too old, some at a time, and sets the alarm for the next.
  void forget() {
    sql()
        .exec(
            "DELETE FROM event WHERE id IN (SELECT id FROM event WHERE at < ? ORDER BY at LIMIT ?)",
            oldest(),
            FORGOTTEN_AT_ONCE);
    schedule();
  }

  private void schedule() {
    SqlCursor.Row first = sql().exec("SELECT min(at) FROM event").one();
    if (first.isNull(0)) {
      context.alarms().delete(ALARM);
      return;
    }
    Instant now = context.clock().instant();
    Instant due = Instant.ofEpochMilli(first.getLong(0)).plus(Duration.ofDays(days()));
    // What is overdue goes on at once, what is not in larger steps.
    context.alarms().set(ALARM, due.isBefore(now) ? now : due.plus(PATIENCE));
  }
}
