package dev.dormouse.storage;

import dev.dormouse.room.Alarm;
import dev.dormouse.room.KeyRange;
import dev.dormouse.room.RoomId;
import dev.dormouse.room.Storage;
import dev.dormouse.room.spi.AlarmRow;
import dev.dormouse.room.spi.RoomImage;
import dev.dormouse.room.spi.RoomSize;
import dev.dormouse.room.spi.RoomStore;
import dev.dormouse.room.spi.RoomStore.DueAlarm;
import dev.dormouse.room.spi.RoomStore.DueAlarms;
import dev.dormouse.room.spi.RoomStore.Mark;
import dev.dormouse.room.spi.RoomStore.MarkCount;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/// The connection that reads a shard file, with every statement prepared once.
///
/// It never waits for the writer: in WAL mode it sees the file as of the last synced commit. Native
/// code holds the thread, so only the file's reader thread, a platform thread, may use it.
final class ReadConnection implements AutoCloseable {
  /// How many rooms a listing looks at in one go: many may be empty, and loads wait behind it.
  private static final int SLICE = 4_096;

  private final Connection connection;
  private final int wholeKeys;
  private final int wholeBytes;
  private final PreparedStatement begin;
  private final PreparedStatement end;
  private final PreparedStatement room;
  private final PreparedStatement alarms;
  private final PreparedStatement entries;
  private final PreparedStatement entry;
  private final PreparedStatement length;
  private final PreparedStatement due;
  private final PreparedStatement rooms;
  private final PreparedStatement marks;
  private final PreparedStatement counts;

  private ReadConnection(Connection connection, StoreSettings settings) throws SQLException {
    this.connection = connection;
    wholeKeys = settings.wholeKeys();
    wholeBytes = settings.wholeBytes();
    ShardFile.execute(connection, "PRAGMA query_only = ON");
    begin = connection.prepareStatement("BEGIN");
    end = connection.prepareStatement("COMMIT");
    room =
        connection.prepareStatement(
            "SELECT number, sequence, version, schema, name, bytes, keys"
                + " FROM room WHERE namespace = ? AND id = ?");
    alarms =
        connection.prepareStatement(
            "SELECT name, due, next, attempt, state FROM alarm WHERE room = ? ORDER BY name");
    entries =
        connection.prepareStatement(
            "SELECT key, length(value), value FROM entry WHERE room = ? ORDER BY key LIMIT ?");
    entry =
        connection.prepareStatement(
            "SELECT value FROM entry WHERE key = ? AND room ="
                + " (SELECT number FROM room WHERE namespace = ? AND id = ?)");
    length =
        connection.prepareStatement("SELECT length(value) FROM entry WHERE room = ? AND key = ?");
    due =
        connection.prepareStatement(
            "SELECT r.namespace, r.id, r.name, a.name, a.next"
                + " FROM alarm a INDEXED BY alarm_next JOIN room r ON r.number = a.room"
                + " WHERE a.state = 0 ORDER BY a.next LIMIT ?");
    rooms =
        connection.prepareStatement(
            "SELECT id, name, EXISTS (SELECT 1 FROM entry e WHERE e.room = r.number AND e.key <>"
                + " x'00676f6e65') OR EXISTS (SELECT 1 FROM alarm a WHERE a.room = r.number) FROM"
                + " room r WHERE namespace = ? AND id > ? ORDER BY id LIMIT ?");
    marks =
        connection.prepareStatement(
            "SELECT r.namespace, r.id, r.name, key, value"
                + " FROM entry INDEXED BY entry_mark JOIN room r ON r.number = room"
                + " WHERE "
                + ShardFile.MARKED
                + " AND key >= ? AND key < ? AND (key > ? OR (key = ? AND r.id > ?))"
                + " ORDER BY key, r.id LIMIT ?");
    // A name without what follows its last slash: all that is no slash is taken off its end.
    counts =
        connection.prepareStatement(
            "SELECT rtrim(name, replace(name, '/', '')) AS folder, count(*), min(value)"
                + " FROM (SELECT CAST(substr(key, "
                + (Keys.utf8(RoomStore.MARKS).length + 1)
                + ") AS TEXT) AS name, value FROM entry INDEXED BY entry_mark WHERE "
                + ShardFile.MARKED
                + " AND key >= ? AND key < ?) GROUP BY folder");
  }

  static ReadConnection open(ShardFile file, StoreSettings settings) throws SQLException {
    Connection connection = file.connect();
    try {
      return new ReadConnection(connection, settings);
    } catch (SQLException | RuntimeException | Error e) {
      connection.close();
      throw e;
    }
  }

  /// From here to [#end] every query sees the same state.
  void begin() throws SQLException {
    begin.execute();
  }

  void end() throws SQLException {
    end.execute();
  }

  RoomImage load(RoomId id) throws SQLException {
    room.setString(1, id.namespace());
    room.setBytes(2, id.bytes());
    try (ResultSet row = room.executeQuery()) {
      if (!row.next()) {
        return RoomImage.empty();
      }
      long number = row.getLong(1);
      return new RoomImage(
          row.getString(5),
          row.getLong(2),
          row.getLong(3),
          row.getInt(4),
          new RoomSize(row.getLong(6), row.getLong(7)),
          alarms(number),
          keys(number));
    }
  }

  private List<AlarmRow> alarms(long number) throws SQLException {
    alarms.setLong(1, number);
    List<AlarmRow> found = new ArrayList<>();
    try (ResultSet row = alarms.executeQuery()) {
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
    return List.copyOf(found);
  }

  private static Alarm.State state(int number) throws SQLException {
    return switch (number) {
      case ShardFile.SET -> Alarm.State.SET;
      case ShardFile.AT_RESTART -> Alarm.State.AT_RESTART;
      case ShardFile.PARKED -> Alarm.State.PARKED;
      default -> throw new SQLException("an alarm is in state " + number + ", which never was");
    };
  }

  private RoomImage.Keys keys(long number) throws SQLException {
    entries.setLong(1, number);
    entries.setInt(2, wholeKeys + 1);
    try (ResultSet row = entries.executeQuery()) {
      return EntryRows.whole(row, wholeKeys, wholeBytes);
    }
  }

  Optional<byte[]> read(RoomId id, String key) throws SQLException {
    entry.setBytes(1, Keys.utf8(key));
    entry.setString(2, id.namespace());
    entry.setBytes(3, id.bytes());
    try (ResultSet row = entry.executeQuery()) {
      return row.next() ? Optional.of(EntryRows.bytes(row, 1)) : Optional.empty();
    }
  }

  RoomSize sizeWithout(RoomId id, Collection<String> keys) throws SQLException {
    room.setString(1, id.namespace());
    room.setBytes(2, id.bytes());
    long number;
    RoomSize size;
    try (ResultSet row = room.executeQuery()) {
      if (!row.next()) {
        return RoomSize.NOTHING;
      }
      number = row.getLong(1);
      size = new RoomSize(row.getLong(6), row.getLong(7));
    }
    for (String text : keys) {
      byte[] key = Keys.utf8(text);
      length.setLong(1, number);
      length.setBytes(2, key);
      try (ResultSet row = length.executeQuery()) {
        if (row.next()) {
          size = size.minus(key.length, row.getLong(1));
        }
      }
    }
    return size;
  }

  List<Storage.Entry> list(RoomId id, KeyRange range, long maxBytes) throws SQLException {
    Keys.Interval interval = Keys.Interval.of(range);
    String sql =
        "SELECT key, value FROM entry WHERE room ="
            + " (SELECT number FROM room WHERE namespace = ? AND id = ?) AND key >= ?"
            + (interval.to() == null ? "" : " AND key < ?")
            + " ORDER BY key"
            + (range.reverse() ? " DESC" : "")
            + " LIMIT ?";
    try (PreparedStatement list = connection.prepareStatement(sql)) {
      int parameter = 1;
      list.setString(parameter++, id.namespace());
      list.setBytes(parameter++, id.bytes());
      list.setBytes(parameter++, interval.from());
      if (interval.to() != null) {
        list.setBytes(parameter++, interval.to());
      }
      list.setInt(parameter, range.limit());
      try (ResultSet row = list.executeQuery()) {
        return EntryRows.list(row, maxBytes);
      }
    }
  }

  DueAlarms dueAlarms(long now, int limit) throws SQLException {
    // One more than asked for: its time is the answer's `next`.
    due.setLong(1, limit + 1L);
    List<DueAlarm> found = new ArrayList<>();
    try (ResultSet row = due.executeQuery()) {
      while (row.next()) {
        long next = row.getLong(5);
        if (next > now || found.size() == limit) {
          return new DueAlarms(List.copyOf(found), OptionalLong.of(next));
        }
        RoomId id = RoomId.of(row.getString(1), row.getBytes(2), row.getString(3));
        found.add(new DueAlarm(id, Keys.text(EntryRows.bytes(row, 4)), next));
      }
    }
    return new DueAlarms(List.copyOf(found), OptionalLong.empty());
  }

  List<String> namespaces() throws SQLException {
    List<String> found = new ArrayList<>();
    try (PreparedStatement all =
            connection.prepareStatement("SELECT DISTINCT namespace FROM room");
        ResultSet row = all.executeQuery()) {
      while (row.next()) {
        found.add(row.getString(1));
      }
    }
    return found;
  }

  /// Rooms that have keys or alarms, and where the next slice begins.
  ///
  /// @param last after which id to go on; null if there is no more, or enough was found
  record Slice(List<RoomId> rooms, @Nullable RoomId last) {}

  /// @param after the id after which to begin; null for the first
  Slice rooms(String namespace, @Nullable RoomId after, int limit) throws SQLException {
    rooms.setString(1, namespace);
    rooms.setBytes(2, after == null ? new byte[0] : after.bytes());
    rooms.setInt(3, SLICE);
    List<RoomId> found = new ArrayList<>();
    int seen = 0;
    try (ResultSet row = rooms.executeQuery()) {
      while (found.size() < limit && row.next()) {
        RoomId id = RoomId.of(namespace, row.getBytes(1), row.getString(2));
        if (row.getBoolean(3)) {
          found.add(id);
        }
        if (++seen == SLICE && found.size() < limit) {
          return new Slice(found, id);
        }
      }
    }
    return new Slice(found, null);
  }

  List<Mark> marks(String prefix, @Nullable Mark after, int limit) throws SQLException {
    Keys.Interval interval = Keys.Interval.of(KeyRange.prefixed(RoomStore.MARKS + prefix));
    byte[] last = after == null ? new byte[0] : Keys.utf8(RoomStore.MARKS + after.name());
    // The page begins at the last one's name, or the index would be read from its start.
    marks.setBytes(1, Arrays.compareUnsigned(last, interval.from()) > 0 ? last : interval.from());
    marks.setBytes(2, interval.to());
    marks.setBytes(3, last);
    marks.setBytes(4, last);
    marks.setBytes(5, after == null ? new byte[0] : after.room().bytes());
    marks.setInt(6, limit);
    List<Mark> found = new ArrayList<>();
    try (ResultSet row = marks.executeQuery()) {
      while (row.next()) {
        found.add(
            new Mark(
                RoomId.of(row.getString(1), row.getBytes(2), row.getString(3)),
                Keys.text(EntryRows.bytes(row, 4)).substring(RoomStore.MARKS.length()),
                EntryRows.bytes(row, 5)));
      }
    }
    return found;
  }

  List<MarkCount> countMarks(String prefix) throws SQLException {
    Keys.Interval interval = Keys.Interval.of(KeyRange.prefixed(RoomStore.MARKS + prefix));
    counts.setBytes(1, interval.from());
    counts.setBytes(2, interval.to());
    List<MarkCount> found = new ArrayList<>();
    try (ResultSet row = counts.executeQuery()) {
      while (row.next()) {
        found.add(new MarkCount(row.getString(1), row.getLong(2), EntryRows.bytes(row, 3)));
      }
    }
    return found;
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }
}
