package dev.dormouse.storage;

import dev.dormouse.room.Alarm;
import dev.dormouse.room.RoomId;
import dev.dormouse.room.spi.AlarmRow;
import dev.dormouse.room.spi.RoomSize;
import dev.dormouse.room.spi.WriteSet;
import dev.dormouse.room.spi.WriteSet.AlarmChange;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Map;
import java.util.Optional;

/// The connection that writes a shard file, with every statement prepared once.
///
/// Native code holds the thread, so only the file's writer thread, a platform thread, may use it.
/// There are no savepoints: numbers are checked before anything is written, and what fails
/// nevertheless takes its transaction with it.
final class WriteConnection implements AutoCloseable, Batch.Lookup {
  /// By how much a sequence jumps when it is unknown whether a write set was applied: more than can
  /// ever be submitted before its submitter knows.
  private static final long SCAR = 1L << 32;

  /// What a probe writes, in bytes: enough that its success means something.
  private static final int PROBE = 64 * 1024;

  private final Connection connection;
  private final PreparedStatement begin;
  private final PreparedStatement commit;
  private final PreparedStatement rollback;
  private final PreparedStatement epoch;
  private final PreparedStatement findRoom;
  private final PreparedStatement insertRoom;
  private final PreparedStatement updateRoom;
  private final PreparedStatement nameRoom;
  private final PreparedStatement clearEntries;
  private final PreparedStatement clearAlarms;
  private final PreparedStatement length;
  private final PreparedStatement updateEntry;
  private final PreparedStatement insertEntry;
  private final PreparedStatement deleteEntry;
  private final PreparedStatement putAlarm;
  private final PreparedStatement deleteAlarm;

  /// Rooms as they are in the file: filled after commits, emptied after a failure. This process is
  /// the only writer, so what is here is true. In order of use.
  private final Recent<RoomId, KnownRoom> known;

  /// The largest number that was given to a room.
  private long lastNumber;

  private WriteConnection(Connection connection, int knownRooms) throws SQLException {
    this.connection = connection;
    begin = connection.prepareStatement("BEGIN IMMEDIATE");
    commit = connection.prepareStatement("COMMIT");
    rollback = connection.prepareStatement("ROLLBACK");
    epoch = connection.prepareStatement("SELECT epoch FROM meta");
    findRoom =
        connection.prepareStatement(
            "SELECT number, sequence, name IS NOT NULL, bytes, keys"
                + " FROM room WHERE namespace = ? AND id = ?");
    insertRoom =
        connection.prepareStatement(
            "INSERT INTO room (number, namespace, id, name, sequence, version, schema, bytes, keys)"
                + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)");
    updateRoom =
        connection.prepareStatement(
            "UPDATE room SET sequence = ?, version = ?, schema = ?, bytes = ?, keys = ?"
                + " WHERE number = ? AND sequence = ?");
    nameRoom = connection.prepareStatement("UPDATE room SET name = ? WHERE number = ?");
    clearEntries = connection.prepareStatement("DELETE FROM entry WHERE room = ?");
    clearAlarms = connection.prepareStatement("DELETE FROM alarm WHERE room = ?");
    length =
        connection.prepareStatement("SELECT length(value) FROM entry WHERE room = ? AND key = ?");
    updateEntry =
        connection.prepareStatement("UPDATE entry SET value = ?3 WHERE room = ?1 AND key = ?2");
    insertEntry =
        connection.prepareStatement("INSERT INTO entry (room, key, value) VALUES (?1, ?2, ?3)");
    deleteEntry = connection.prepareStatement("DELETE FROM entry WHERE room = ? AND key = ?");
    putAlarm =
        connection.prepareStatement(
            "REPLACE INTO alarm (room, name, due, next, attempt, state)"
                + " VALUES (?, ?, ?, ?, ?, ?)");
    deleteAlarm = connection.prepareStatement("DELETE FROM alarm WHERE room = ? AND name = ?");
    known = new Recent<>(knownRooms);
    lastNumber = ShardFile.number(connection, "SELECT coalesce(max(number), 0) FROM room");
  }

  static WriteConnection open(ShardFile file, int knownRooms) throws SQLException {
    Connection connection = file.connect();
    try {
      return new WriteConnection(connection, knownRooms);
    } catch (SQLException | RuntimeException | Error e) {
      connection.close();
      throw e;
    }
  }

  /// The stored epoch.
  long epoch() throws SQLException {
    try (ResultSet row = epoch.executeQuery()) {
      if (!row.next()) {
        throw new SQLException("the shard file has lost its meta row");
      }
      return row.getLong(1);
    }
  }

  /// Durably takes the file over for a new opening: from here on commits of earlier ones are
  /// refused, and alarms that waited for a start are overdue (A3).
  ///
  /// It also syncs what a process that was killed had written to the log and not synced.
  void takeOver(long epoch, long now) throws SQLException {
    shrinkLog();
    begin();
    ShardFile.execute(connection, "UPDATE meta SET epoch = " + epoch);
    ShardFile.execute(
        connection,
        "UPDATE alarm SET due = "
            + now
            + ", next = "
            + now
            + ", state = "
            + ShardFile.SET
            + " WHERE state = 1");
    commit();
  }

  void begin() throws SQLException {
    begin.execute();
  }

  /// Returns when the transaction is synced.
  void commit() throws SQLException {
    commit.execute();
  }

  void rollback() throws SQLException {
    known.clear();
    rollback.execute();
  }

  @Override
  public KnownRoom find(RoomId room) throws SQLException {
    KnownRoom remembered = known.get(room);
    if (remembered != null) {
      return remembered;
    }
    findRoom.setString(1, room.namespace());
    findRoom.setBytes(2, room.bytes());
    try (ResultSet row = findRoom.executeQuery()) {
      return row.next()
          ? new KnownRoom(
              row.getLong(1),
              row.getLong(2),
              row.getBoolean(3),
              new RoomSize(row.getLong(4), row.getLong(5)),
              true)
          : new KnownRoom(++lastNumber, 0, false, RoomSize.NOTHING, false);
    }
  }

  /// Remembers how a room stands after a commit.
  void remember(RoomChanges changes) {
    if (changes.last() != null) {
      known.put(changes.room(), changes.after());
    }
  }

  void apply(RoomChanges room) throws SQLException {
    WriteSet last = room.last();
    if (last == null) {
      return;
    }
    long number = room.stored().number();
    room.size(last.size() != null ? last.size() : reckoned(room));
    writeNumbers(room, last);
    if (room.clear() && room.stored().stored()) {
      clearEntries.setLong(1, number);
      clearEntries.executeUpdate();
      clearAlarms.setLong(1, number);
      clearAlarms.executeUpdate();
    }
    boolean empty = room.clear() || !room.stored().stored();
    for (Map.Entry<String, Optional<byte[]>> change : room.changes().entrySet()) {
      byte[] key = Keys.utf8(change.getKey());
      Optional<byte[]> value = change.getValue();
      if (value.isPresent()) {
        put(number, key, value.get(), empty);
      } else if (!empty) {
        deleteEntry.setLong(1, number);
        deleteEntry.setBytes(2, key);
        deleteEntry.executeUpdate();
      }
    }
    for (AlarmChange change : room.alarms().values()) {
      apply(number, change);
    }
  }

  /// How much the room has after its changes. It asks for what each key had, which is why whoever
  /// has the room in memory says it himself.
  private RoomSize reckoned(RoomChanges room) throws SQLException {
    boolean empty = room.clear() || !room.stored().stored();
    RoomSize size = empty ? RoomSize.NOTHING : room.stored().size();
    for (Map.Entry<String, Optional<byte[]>> change : room.changes().entrySet()) {
      byte[] key = Keys.utf8(change.getKey());
      long before = empty ? -1 : length(room.stored().number(), key);
      size = size.change(key.length, before, change.getValue().map(v -> v.length).orElse(-1));
    }
    return size;
  }

  /// What a key's value has, in bytes; -1 if it is not there.
  private long length(long number, byte[] key) throws SQLException {
    length.setLong(1, number);
    length.setBytes(2, key);
    try (ResultSet row = length.executeQuery()) {
      return row.next() ? row.getLong(1) : -1;
    }
  }

  /// An update of a key that is there costs half of what SQLite's `REPLACE` or `ON CONFLICT` do,
  /// and rooms mostly write keys that they have.
  ///
  /// @param empty whether the room is known to have no keys
  private void put(long number, byte[] key, byte[] value, boolean empty) throws SQLException {
    if (empty || write(updateEntry, number, key, value) == 0) {
      write(insertEntry, number, key, value);
    }
  }

  private static int write(PreparedStatement statement, long number, byte[] key, byte[] value)
      throws SQLException {
    statement.setLong(1, number);
    statement.setBytes(2, key);
    statement.setBytes(3, value);
    return statement.executeUpdate();
  }

  private void writeNumbers(RoomChanges room, WriteSet last) throws SQLException {
    KnownRoom stored = room.stored();
    RoomSize size = room.after().size();
    if (!stored.stored()) {
      insertRoom.setLong(1, stored.number());
      insertRoom.setString(2, room.room().namespace());
      insertRoom.setBytes(3, room.room().bytes());
      insertRoom.setString(4, room.room().name().orElse(null));
      insertRoom.setLong(5, last.sequence());
      insertRoom.setLong(6, last.version());
      insertRoom.setInt(7, last.schema());
      insertRoom.setLong(8, size.bytes());
      insertRoom.setLong(9, size.keys());
      insertRoom.executeUpdate();
      return;
    }
    updateRoom.setLong(1, last.sequence());
    updateRoom.setLong(2, last.version());
    updateRoom.setInt(3, last.schema());
    updateRoom.setLong(4, size.bytes());
    updateRoom.setLong(5, size.keys());
    updateRoom.setLong(6, stored.number());
    updateRoom.setLong(7, stored.sequence());
    if (updateRoom.executeUpdate() != 1) {
      throw new SQLException(
          "room "
              + room.room()
              + " is not at sequence "
              + stored.sequence()
              + ", where this process left it");
    }
    if (!stored.named() && room.room().name().isPresent()) {
      nameRoom.setString(1, room.room().name().get());
      nameRoom.setLong(2, stored.number());
      nameRoom.executeUpdate();
    }
  }

  private void apply(long number, AlarmChange change) throws SQLException {
    switch (change) {
      case WriteSet.PutAlarm(AlarmRow row) -> {
        putAlarm.setLong(1, number);
        putAlarm.setBytes(2, Keys.utf8(row.name()));
        putAlarm.setLong(3, row.due());
        putAlarm.setLong(4, row.next());
        putAlarm.setInt(5, row.attempt());
        putAlarm.setInt(6, number(row.state()));
        putAlarm.executeUpdate();
      }
      case WriteSet.DeleteAlarm(String name) -> {
        deleteAlarm.setLong(1, number);
        deleteAlarm.setBytes(2, Keys.utf8(name));
        deleteAlarm.executeUpdate();
      }
    }
  }

  private static int number(Alarm.State state) {
    return switch (state) {
      case SET -> ShardFile.SET;
      case AT_RESTART -> ShardFile.AT_RESTART;
      case PARKED -> ShardFile.PARKED;
    };
  }

  /// Moves a room's sequence out of reach of sets that were submitted before a commit failed: if
  /// that commit survived after all, they would fit.
  void scar(RoomId room) throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement(
            "UPDATE room SET sequence = sequence + ? WHERE namespace = ? AND id = ?")) {
      statement.setLong(1, SCAR);
      statement.setString(2, room.namespace());
      statement.setBytes(3, room.bytes());
      statement.executeUpdate();
    }
  }

  /// Commits something for the sake of it.
  void probe() throws SQLException {
    shrinkLog();
    begin();
    ShardFile.execute(connection, "DELETE FROM probe");
    ShardFile.execute(connection, "INSERT INTO probe VALUES (zeroblob(" + PROBE + "))");
    commit();
    ShardFile.execute(connection, "DELETE FROM probe");
  }

  /// Moves all that is committed from the log into the file, and syncs both.
  void checkpoint() throws SQLException {
    if (shrinkLog() != 0) {
      throw new SQLException("the write-ahead log could not be moved into the file", null, 5);
    }
  }

  /// The same as far as other readers allow it; gives the log's space back to a full disk. Says 0
  /// if all was moved.
  private long shrinkLog() throws SQLException {
    return ShardFile.number(connection, "PRAGMA wal_checkpoint(TRUNCATE)");
  }

  /// See SQLite's `max_page_count`; for tests of a full disk.
  void limitPages(long pages) throws SQLException {
    ShardFile.execute(connection, "PRAGMA max_page_count = " + pages);
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }
}
