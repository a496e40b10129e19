package dev.dormouse.storage;

import dev.dormouse.room.RoomId;
import dev.dormouse.room.spi.ConnectionRecord;
import dev.dormouse.room.spi.ConnectionRecords.Slept;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The one connection to the scratch file, with every statement prepared once; what the methods of
/// [dev.dormouse.room.spi.ConnectionRecords] do within a transaction.
///
/// Native code holds the thread, so only the platform thread of the file may use it. After a
/// failure it is of no use any more: the driver throws away statements that failed. Closing it
/// undoes the transaction that is open.
final class ScratchConnection implements AutoCloseable {
  private final Connection connection;
  private final PreparedStatement begin;
  private final PreparedStatement commit;
  private final ScratchRooms rooms;
  private final ScratchRecords records;

  private ScratchConnection(Connection connection) throws SQLException {
    this.connection = connection;
    begin = connection.prepareStatement("BEGIN IMMEDIATE");
    commit = connection.prepareStatement("COMMIT");
    rooms = new ScratchRooms(connection);
    records = new ScratchRecords(connection);
  }

  /// @param file has been made
  static ScratchConnection open(ScratchFile file) throws SQLException {
    Connection connection = file.connect();
    try {
      return new ScratchConnection(connection);
    } catch (SQLException | RuntimeException | Error e) {
      connection.close();
      throw e;
    }
  }

  void begin() throws SQLException {
    begin.execute();
  }

  void commit() throws SQLException {
    commit.execute();
  }

  void save(RoomId room, List<ConnectionRecord> changed, Collection<Long> gone)
      throws SQLException {
    long number = changed.isEmpty() ? rooms.find(room) : rooms.findOrMake(room);
    for (ConnectionRecord record : changed) {
      records.put(number, record);
    }
    for (long key : gone) {
      records.delete(number, key);
    }
  }

  void sleeps(RoomId room, Slept slept) throws SQLException {
    rooms.note(rooms.findOrMake(room), slept);
  }

  Optional<Slept> slept(RoomId room) throws SQLException {
    return rooms.noted(rooms.find(room));
  }

  void ended(RoomId room, long key) throws SQLException {
    long number = rooms.find(room);
    switch (records.delete(number, key)) {
      case NOT_THERE -> {}
      case OPEN -> rooms.countOff(number, false);
      case CLOSING -> rooms.countOff(number, true);
    }
  }

  void forget(RoomId room) throws SQLException {
    long number = rooms.find(room);
    if (number != ScratchRooms.NONE) {
      records.clear(number);
      rooms.forget(room, number);
    }
  }

  List<ConnectionRecord> read(RoomId room, Collection<Long> keys) throws SQLException {
    return records.read(rooms.find(room), keys);
  }

  List<ConnectionRecord> page(RoomId room, @Nullable String tag, long after, int limit)
      throws SQLException {
    return records.page(rooms.find(room), tag, after, limit);
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
