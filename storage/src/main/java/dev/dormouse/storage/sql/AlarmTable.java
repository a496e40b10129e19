package dev.dormouse.storage.sql;

import dev.dormouse.room.Alarm;
import dev.dormouse.room.spi.AlarmRow;
import dev.dormouse.storage.EntryRows;
import dev.dormouse.storage.Keys;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/// A room's alarms, in the table for them in its file.
final class AlarmTable {
  private final RoomFile file;

  AlarmTable(RoomFile file) {
    this.file = file;
  }

  void put(AlarmRow row) throws SQLException {
    PreparedStatement put = file.own("REPLACE INTO _dormouse_alarm VALUES (?, ?, ?, ?, ?)");
    put.setBytes(1, Keys.utf8(row.name()));
    put.setLong(2, row.due());
    put.setLong(3, row.next());
    put.setInt(4, row.attempt());
    put.setInt(5, number(row.state()));
    put.executeUpdate();
  }

  void delete(String name) throws SQLException {
    PreparedStatement delete = file.own("DELETE FROM _dormouse_alarm WHERE name = ?");
    delete.setBytes(1, Keys.utf8(name));
    delete.executeUpdate();
  }

  void deleteAll() throws SQLException {
    file.run("DELETE FROM _dormouse_alarm");
  }

  /// As a state is stored: these stay, whatever becomes of the enum.
  private static int number(Alarm.State state) {
    return switch (state) {
      case SET -> 0;
      case AT_RESTART -> 1;
      case PARKED -> 2;
    };
  }

  private static Alarm.State state(int number) throws SQLException {
    return switch (number) {
      case 0 -> Alarm.State.SET;
      case 1 -> Alarm.State.AT_RESTART;
      case 2 -> Alarm.State.PARKED;
      default -> throw new SQLException("an alarm has the unknown state " + number);
    };
  }

  /// Alarms that waited for a start are overdue (A3).
  void restart(long now) throws SQLException {
    PreparedStatement update =
        file.own("UPDATE _dormouse_alarm SET due = ?, next = ?, state = ? WHERE state = ?");
    update.setLong(1, now);
    update.setLong(2, now);
    update.setInt(3, number(Alarm.State.SET));
    update.setInt(4, number(Alarm.State.AT_RESTART));
    update.executeUpdate();
  }

  List<AlarmRow> all() throws SQLException {
    List<AlarmRow> found = new ArrayList<>();
    try (ResultSet row =
        file.own("SELECT name, due, next, attempt, state FROM _dormouse_alarm ORDER BY name")
            .executeQuery()) {
      while (row.next()) {
        found.add(
            new AlarmRow(
                Keys.text(EntryRows.bytes(row, 1)),
                row.getLong(2),
                row.getLong(3),
                row.getInt(4),
                state(row.getInt(5))));
      }
    }
    return found;
  }
}
