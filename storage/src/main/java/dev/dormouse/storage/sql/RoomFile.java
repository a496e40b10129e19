package dev.dormouse.storage.sql;

import dev.dormouse.room.spi.AlarmRow;
import dev.dormouse.room.spi.WriteSet;
import dev.dormouse.storage.Fault;
import dev.dormouse.storage.Sqlite;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteConnection;

/// A room's file, open: the tables in which its keys, alarms and numbers lie, beside those that its
/// code makes.
///
/// A commit returns before it is synced: the log is synced by others, for several commits at once.
/// `synchronous = NORMAL` keeps what SQLite moves from the log into the file behind syncs of its
/// own, so a power loss can only take commits from the log's end, which nobody was told of.
///
/// For one thread at a time, since native code holds it, a platform thread.
final class RoomFile implements AutoCloseable {
  /// By how much a sequence jumps when it is unknown whether a write set was applied.
  private static final long SCAR = 1L << 32;

  static final String[] TABLES = {
    """
    CREATE TABLE _dormouse_meta (
      one INTEGER PRIMARY KEY CHECK (one = 1),
      epoch INTEGER NOT NULL, sequence INTEGER NOT NULL, version INTEGER NOT NULL,
      schema INTEGER NOT NULL, bytes INTEGER NOT NULL, keys INTEGER NOT NULL)\
    """,
    "INSERT INTO _dormouse_meta VALUES (1, 0, 0, 0, 0, 0, 0)",
    "CREATE TABLE _dormouse_entry (key BLOB PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID",
    """
    CREATE TABLE _dormouse_alarm (
      name BLOB PRIMARY KEY, due INTEGER NOT NULL, next INTEGER NOT NULL,
      attempt INTEGER NOT NULL, state INTEGER NOT NULL) WITHOUT ROWID\
    """,
  };

  /// What the room's code has made; SQLite's own tables do not count.
  static final String MADE =
      " FROM sqlite_schema WHERE substr(name, 1, 10) <> '_dormouse_' COLLATE NOCASE"
          + " AND substr(name, 1, 7) <> 'sqlite_' COLLATE NOCASE"
          + " AND substr(tbl_name, 1, 10) <> '_dormouse_' COLLATE NOCASE";

  private final Path path;
  private final SQLiteConnection connection;
  private final Map<String, PreparedStatement> prepared = new HashMap<>();
  private final EntryTable entries = new EntryTable(this);
  private final AlarmTable alarms = new AlarmTable(this);
  private @Nullable FileChannel reading;

  private RoomFile(Path path, SQLiteConnection connection) {
    this.path = path;
    this.connection = connection;
  }

  /// Opens a file that is there. What a killed process left in the log is synced first.
  static RoomFile open(Path path, int cacheBytes) throws SQLException {
    Path log = log(path);
    boolean left = log.toFile().length() > 0;
    Connection connection = Sqlite.connect(path);
    try {
      execute(connection, "PRAGMA locking_mode = EXCLUSIVE");
      execute(connection, "PRAGMA journal_mode = WAL");
      execute(connection, "PRAGMA synchronous = NORMAL");
      execute(connection, "PRAGMA wal_autocheckpoint = 1000");
      execute(connection, "PRAGMA cache_size = -" + cacheBytes / 1024);
      execute(connection, "PRAGMA trusted_schema = OFF");
      execute(connection, "PRAGMA foreign_keys = ON");
      execute(connection, "PRAGMA cell_size_check = ON");
      RoomFile file = new RoomFile(path, connection.unwrap(SQLiteConnection.class));
      if (left) {
        file.settle();
      }
      return file;
    } catch (SQLException | RuntimeException | Error e) {
      try {
        connection.close();
      } catch (SQLException second) {
        e.addSuppressed(second);
      }
      throw e;
    }
  }

  static void execute(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  static Path log(Path file) {
    return file.resolveSibling(file.getFileName() + "-wal");
  }

  /// The log, which others sync; it stays the same file for as long as this is open. No lock of
  /// SQLite's is on it, so it may be opened and closed at any time.
  Path log() {
    return log(path);
  }

  /// The file itself, for a backup; it is closed behind the connection. To close any other channel
  /// on it would take all locks from it that this process holds, SQLite's too: so POSIX has it.
  FileChannel reading() throws IOException {
    FileChannel there = reading;
    if (there == null) {
      there = FileChannel.open(path, StandardOpenOption.READ);
      reading = there;
    }
    return there;
  }

  SQLiteConnection connection() {
    return connection;
  }

  /// A statement of our own, prepared once.
  PreparedStatement own(String sql) throws SQLException {
    PreparedStatement known = prepared.get(sql);
    if (known == null) {
      known = connection.prepareStatement(sql);
      prepared.put(sql, known);
    }
    return known;
  }

  /// The driver closes a statement after most of SQLite's errors, without telling.
  void forgetPrepared() {
    for (PreparedStatement each : prepared.values()) {
      try {
        each.close();
      } catch (SQLException _) {
        // It is gone in any case.
      }
    }
    prepared.clear();
  }

  void run(String sql) throws SQLException {
    PreparedStatement statement = own(sql);
    if (statement.execute()) {
      // What says something stays at work until that is closed, and keeps tables from being
      // dropped.
      statement.getResultSet().close();
    }
  }

  long number(String sql) throws SQLException {
    try (ResultSet row = own(sql).executeQuery()) {
      if (!row.next()) {
        throw new SQLException("no row for " + sql);
      }
      return row.getLong(1);
    }
  }

  /// Syncs what is in the log: in the file, or where it is if the file cannot grow.
  private void settle() throws SQLException {
    try {
      checkpoint();
    } catch (SQLException e) {
      if (Fault.of(e) != Fault.FULL) {
        throw e;
      }
      forgetPrepared();
      try (FileChannel channel = FileChannel.open(log(), StandardOpenOption.WRITE)) {
        channel.force(false);
      } catch (IOException unsynced) {
        e.addSuppressed(unsynced);
        throw e;
      }
    }
  }

  /// Moves all that is committed from the log into the file, and syncs both.
  void checkpoint() throws SQLException {
    if (number("PRAGMA wal_checkpoint(TRUNCATE)") != 0) {
      throw new SQLException("the log could not be moved into the file", null, 5);
    }
  }

  /// The room's numbers.
  record Numbers(long epoch, long sequence, long version, int schema) {
    static final Numbers NONE = new Numbers(0, 0, 0, 0);
  }

  Numbers numbers() throws SQLException {
    try (ResultSet row =
        own("SELECT epoch, sequence, version, schema FROM _dormouse_meta").executeQuery()) {
      if (!row.next()) {
        throw new SQLException("a room's file has lost its meta row");
      }
      return new Numbers(row.getLong(1), row.getLong(2), row.getLong(3), row.getInt(4));
    }
  }

  void numbers(Numbers now) throws SQLException {
    PreparedStatement update =
        own("UPDATE _dormouse_meta SET epoch = ?, sequence = ?, version = ?, schema = ?");
    update.setLong(1, now.epoch());
    update.setLong(2, now.sequence());
    update.setLong(3, now.version());
    update.setInt(4, now.schema());
    update.executeUpdate();
  }

  /// Moves the sequence out of reach of sets that were submitted before a commit failed: if that
  /// commit survived after all, they would fit.
  void scar() throws SQLException {
    run("UPDATE _dormouse_meta SET sequence = sequence + " + SCAR);
  }

  boolean hasTables() throws SQLException {
    return number("SELECT EXISTS (SELECT 1" + MADE + ")") != 0;
  }

  boolean isEmpty() throws SQLException {
    return number(
                "SELECT NOT EXISTS (SELECT 1 FROM _dormouse_entry)"
                    + " AND NOT EXISTS (SELECT 1 FROM _dormouse_alarm)")
            != 0
        && !hasTables();
  }

  /// Drops what the room's code has made, in the transaction that is open.
  void dropAll() throws SQLException {
    run("PRAGMA defer_foreign_keys = ON");
    for (int left = Integer.MAX_VALUE; left > 0; ) {
      List<String> drops = new ArrayList<>();
      try (ResultSet row =
          own("SELECT type, name"
                  + MADE
                  + " AND type IN ('view', 'trigger', 'table') ORDER BY type = 'table',"
                  + " sql NOT LIKE 'CREATE VIRTUAL%'")
              .executeQuery()) {
        while (row.next()) {
          drops.add(
              "DROP %s IF EXISTS \"%s\""
                  .formatted(row.getString(1), row.getString(2).replace("\"", "\"\"")));
        }
      }
      if (drops.size() >= left) {
        throw new SQLException("what the room has made cannot be dropped: " + drops);
      }
      left = drops.size();
      if (left > 0) {
        // One at a time: with a virtual table go the tables that it keeps.
        execute(connection, drops.getFirst());
      }
    }
  }

  // ---- keys and alarms

  EntryTable entries() {
    return entries;
  }

  AlarmTable alarms() {
    return alarms;
  }

  /// Writes a set's keys, alarms and numbers.
  void apply(WriteSet set) throws SQLException {
    if (set.clear()) {
      alarms.deleteAll();
    }
    entries.apply(set);
    for (WriteSet.AlarmChange change : set.alarms()) {
      switch (change) {
        case WriteSet.PutAlarm(AlarmRow row) -> alarms.put(row);
        case WriteSet.DeleteAlarm(String name) -> alarms.delete(name);
      }
    }
    numbers(new Numbers(set.epoch(), set.sequence(), set.version(), set.schema()));
  }

  /// Whether the file is there at all.
  static boolean exists(Path path) {
    return Files.exists(path);
  }

  @Override
  public void close() throws SQLException {
    forgetPrepared();
    connection.close();
    FileChannel there = reading;
    if (there != null) {
      reading = null;
      try {
        there.close();
      } catch (IOException e) {
        throw new SQLException("closing what a backup read " + path + " by failed", e);
      }
    }
  }
}
