package dev.dormouse.storage.sql;

import dev.dormouse.room.KeyRange;
import dev.dormouse.room.Storage;
import dev.dormouse.room.spi.AlarmRow;
import dev.dormouse.room.spi.KeyOrder;
import dev.dormouse.room.spi.RoomImage;
import dev.dormouse.room.spi.RoomSize;
import dev.dormouse.room.spi.WriteSet;
import dev.dormouse.storage.Fault;
import dev.dormouse.storage.Keys;
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
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteConnection;
import org.sqlite.SQLiteOpenMode;

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
    Connection connection = connect(path);
    try {
      execute(connection, "PRAGMA locking_mode = EXCLUSIVE");
      execute(connection, "PRAGMA journal_mode = WAL");
      execute(connection, "PRAGMA synchronous = NORMAL");
      execute(connection, "PRAGMA wal_autocheckpoint = 1000");
      execute(connection, "PRAGMA cache_size = -" + cacheBytes / 1024);
      execute(connection, "PRAGMA trusted_schema = OFF");
      execute(connection, "PRAGMA foreign_keys = ON");
      execute(connection, "PRAGMA cell_size_check = ON");
      Functions.tame(connection);
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

  static Connection connect(Path path) throws SQLException {
    SQLiteConfig config = new SQLiteConfig();
    config.setOpenMode(SQLiteOpenMode.NOMUTEX);
    config.setGetGeneratedKeys(false);
    return config.createConnection("jdbc:sqlite:" + path.toAbsolutePath());
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

  AlarmTable alarms() {
    return alarms;
  }

  /// Writes a set's keys, alarms and numbers.
  void apply(WriteSet set) throws SQLException {
    if (set.clear()) {
      run("DELETE FROM _dormouse_entry");
      alarms.deleteAll();
      size(RoomSize.NOTHING);
    }
    if (!set.changes().isEmpty()) {
      RoomSize stated = set.size();
      size(stated == null ? reckoned(set.changes()) : stated);
    }
    for (Map.Entry<String, Optional<byte[]>> change : set.changes().entrySet()) {
      PreparedStatement statement =
          own(
              change.getValue().isPresent()
                  ? "REPLACE INTO _dormouse_entry (key, value) VALUES (?, ?)"
                  : "DELETE FROM _dormouse_entry WHERE key = ?");
      statement.setBytes(1, Keys.utf8(change.getKey()));
      if (change.getValue().isPresent()) {
        statement.setBytes(2, change.getValue().get());
      }
      statement.executeUpdate();
    }
    for (WriteSet.AlarmChange change : set.alarms()) {
      switch (change) {
        case WriteSet.PutAlarm(AlarmRow row) -> alarms.put(row);
        case WriteSet.DeleteAlarm(String name) -> alarms.delete(name);
      }
    }
    numbers(new Numbers(set.epoch(), set.sequence(), set.version(), set.schema()));
  }

  /// How much the room has in keys; what its code has made does not count.
  RoomSize size() throws SQLException {
    try (ResultSet row = own("SELECT bytes, keys FROM _dormouse_meta").executeQuery()) {
      if (!row.next()) {
        throw new SQLException("a room's file has lost its meta row");
      }
      return new RoomSize(row.getLong(1), row.getLong(2));
    }
  }

  /// [#size] less what it has under some keys.
  RoomSize sizeWithout(Collection<String> keys) throws SQLException {
    RoomSize size = size();
    for (String key : keys) {
      byte[] utf8 = Keys.utf8(key);
      size = size.change(utf8.length, length(utf8), -1);
    }
    return size;
  }

  private void size(RoomSize now) throws SQLException {
    PreparedStatement update = own("UPDATE _dormouse_meta SET bytes = ?, keys = ?");
    update.setLong(1, now.bytes());
    update.setLong(2, now.keys());
    update.executeUpdate();
  }

  /// How much it will have after changes, none of which is made yet.
  private RoomSize reckoned(Map<String, Optional<byte[]>> changes) throws SQLException {
    RoomSize size = size();
    for (Map.Entry<String, Optional<byte[]>> change : changes.entrySet()) {
      byte[] key = Keys.utf8(change.getKey());
      size =
          size.change(
              key.length, length(key), change.getValue().map(value -> value.length).orElse(-1));
    }
    return size;
  }

  /// What a key's value has, in bytes; -1 if it is not there.
  private long length(byte[] key) throws SQLException {
    PreparedStatement length = own("SELECT length(value) FROM _dormouse_entry WHERE key = ?");
    length.setBytes(1, key);
    try (ResultSet row = length.executeQuery()) {
      return row.next() ? row.getLong(1) : -1;
    }
  }

  /// All keys, or word that they are too many.
  RoomImage.Keys keys(int most, long mostBytes) throws SQLException {
    PreparedStatement entries =
        own("SELECT key, length(value), value FROM _dormouse_entry ORDER BY key LIMIT ?");
    entries.setInt(1, most + 1);
    NavigableMap<String, byte[]> found = KeyOrder.newMap();
    long size = 0;
    try (ResultSet row = entries.executeQuery()) {
      while (row.next()) {
        byte[] key = bytes(row, 1);
        size += key.length + row.getLong(2);
        if (size > mostBytes || found.size() == most) {
          return new RoomImage.OnDemand();
        }
        found.put(Keys.text(key), bytes(row, 3));
      }
    }
    return new RoomImage.Whole(found);
  }

  Optional<byte[]> read(String key) throws SQLException {
    PreparedStatement entry = own("SELECT value FROM _dormouse_entry WHERE key = ?");
    entry.setBytes(1, Keys.utf8(key));
    try (ResultSet row = entry.executeQuery()) {
      return row.next() ? Optional.of(bytes(row, 1)) : Optional.empty();
    }
  }

  List<Storage.Entry> list(KeyRange range, long maxBytes) throws SQLException {
    Keys.Interval interval = Keys.Interval.of(range);
    PreparedStatement list =
        own(
            "SELECT key, value FROM _dormouse_entry WHERE key >= ?1"
                + " AND (?2 IS NULL OR key < ?2) ORDER BY key"
                + (range.reverse() ? " DESC" : "")
                + " LIMIT ?3");
    list.setBytes(1, interval.from());
    list.setBytes(2, interval.to());
    list.setInt(3, range.limit());
    List<Storage.Entry> found = new ArrayList<>();
    long size = 0;
    try (ResultSet row = list.executeQuery()) {
      while (size <= maxBytes && row.next()) {
        byte[] key = bytes(row, 1);
        byte[] value = bytes(row, 2);
        size += key.length + value.length;
        found.add(new Storage.Entry(Keys.text(key), value));
      }
    }
    return found;
  }

  /// A blob; the driver gives null for an empty one.
  static byte[] bytes(ResultSet row, int column) throws SQLException {
    byte @Nullable [] bytes = row.getBytes(column);
    return bytes == null ? new byte[0] : bytes;
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
