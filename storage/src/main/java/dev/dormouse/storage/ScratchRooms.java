package dev.dormouse.storage;

import dev.dormouse.room.RoomId;
import dev.dormouse.room.spi.ConnectionRecords.Slept;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;

/// Rooms in the scratch file: the integers that stand for them in all other tables, and what was
/// noted when they fell asleep.
///
/// For the thread of the connection only.
final class ScratchRooms {
  /// For how many rooms the integer is remembered, at about 200 bytes of heap each; a room that was
  /// forgotten costs one more look-up.
  private static final int KNOWN = 4_096;

  /// Stands for a room of which nothing is stored.
  static final long NONE = 0;

  private final PreparedStatement find;
  private final PreparedStatement insert;
  private final PreparedStatement delete;
  private final PreparedStatement note;
  private final PreparedStatement noted;
  private final PreparedStatement countOff;

  /// True of the transaction that is open: if one is undone this object goes with it.
  private final Recent<RoomId, Long> known = new Recent<>(KNOWN);

  /// The largest number that was given to a room; none is given twice.
  private long lastNumber;

  ScratchRooms(Connection connection) throws SQLException {
    find = connection.prepareStatement("SELECT number FROM room WHERE namespace = ? AND id = ?");
    insert =
        connection.prepareStatement("INSERT INTO room (number, namespace, id) VALUES (?, ?, ?)");
    delete = connection.prepareStatement("DELETE FROM room WHERE number = ?");
    note =
        connection.prepareStatement(
            "UPDATE room SET connections = ?, closing = ?, since = ?, name = ? WHERE number = ?");
    noted =
        connection.prepareStatement(
            "SELECT connections, closing, since, name FROM room"
                + " WHERE number = ? AND since IS NOT NULL");
    // Of a room that has not slept they are null, and stay it.
    countOff =
        connection.prepareStatement(
            "UPDATE room SET connections = connections - 1, closing = closing - ?"
                + " WHERE number = ?");
    lastNumber = ShardFile.number(connection, "SELECT coalesce(max(number), 0) FROM room");
  }

  /// The integer that stands for a room, or [#NONE].
  long find(RoomId room) throws SQLException {
    Long remembered = known.get(room);
    if (remembered != null) {
      return remembered;
    }
    find.setString(1, room.namespace());
    find.setBytes(2, room.bytes());
    try (ResultSet row = find.executeQuery()) {
      if (!row.next()) {
        return NONE;
      }
      long number = row.getLong(1);
      known.put(room, number);
      return number;
    }
  }

  long findOrMake(RoomId room) throws SQLException {
    long found = find(room);
    if (found != NONE) {
      return found;
    }
    long number = ++lastNumber;
    insert.setLong(1, number);
    insert.setString(2, room.namespace());
    insert.setBytes(3, room.bytes());
    insert.executeUpdate();
    known.put(room, number);
    return number;
  }

  void forget(RoomId room, long number) throws SQLException {
    known.remove(room);
    delete.setLong(1, number);
    delete.executeUpdate();
  }

  void note(long number, Slept slept) throws SQLException {
    note.setInt(1, slept.connections());
    note.setInt(2, slept.closing());
    note.setLong(3, slept.since());
    note.setString(4, slept.name());
    note.setLong(5, number);
    note.executeUpdate();
  }

  Optional<Slept> noted(long number) throws SQLException {
    noted.setLong(1, number);
    try (ResultSet row = noted.executeQuery()) {
      return row.next()
          ? Optional.of(new Slept(row.getInt(1), row.getInt(2), row.getLong(3), row.getString(4)))
          : Optional.empty();
    }
  }

  /// @param closing whether the connection that has ended was closing
  void countOff(long number, boolean closing) throws SQLException {
    countOff.setInt(1, closing ? 1 : 0);
    countOff.setLong(2, number);
    countOff.executeUpdate();
  }
}
