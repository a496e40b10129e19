package dev.dormouse.storage;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;

/// A shard file: its tables, how it is made and checked, and how connections to it are set up.
///
/// @param path where it lies
/// @param index its place among the store's files, from 0
/// @param files how many files the store has
/// @param cacheBytes the page cache of each connection
record ShardFile(Path path, int index, int files, int cacheBytes) {
  /// The numbers of alarm states in the column `state`.
  static final int SET = 0;

  static final int AT_RESTART = 1;
  static final int PARKED = 2;

  /// `DORM`: marks the file as ours, for `file(1)` too.
  private static final int APPLICATION = 0x444f524d;

  /// The shape of the tables below.
  private static final int SHAPE = 2;

  /// Rooms had no size.
  private static final int SHAPE_WITHOUT_SIZES = 1;

  private static final byte[] MAGIC = "SQLite format 3\0".getBytes(StandardCharsets.US_ASCII);

  // A room's row stays when its keys and alarms go: its numbers must never come again (S2). Keys
  // are blobs of UTF-8. The index holds only alarms that can fire, so asking for the next one
  // touches one page.
  private static final String[] TABLES = {
    """
    CREATE TABLE meta (
      one INTEGER PRIMARY KEY CHECK (one = 1),
      epoch INTEGER NOT NULL, file INTEGER NOT NULL, files INTEGER NOT NULL)\
    """,
    """
    CREATE TABLE room (
      number INTEGER PRIMARY KEY,
      namespace TEXT NOT NULL, id BLOB NOT NULL, name TEXT,
      sequence INTEGER NOT NULL, version INTEGER NOT NULL, schema INTEGER NOT NULL,
      bytes INTEGER NOT NULL DEFAULT 0, keys INTEGER NOT NULL DEFAULT 0)\
    """,
    "CREATE UNIQUE INDEX room_id ON room (namespace, id)",
    """
    CREATE TABLE entry (
      room INTEGER NOT NULL, key BLOB NOT NULL, value BLOB NOT NULL,
      PRIMARY KEY (room, key)) WITHOUT ROWID\
    """,
    """
    CREATE TABLE alarm (
      room INTEGER NOT NULL, name BLOB NOT NULL,
      due INTEGER NOT NULL, next INTEGER NOT NULL,
      attempt INTEGER NOT NULL, state INTEGER NOT NULL,
      PRIMARY KEY (room, name)) WITHOUT ROWID\
    """,
    "CREATE INDEX alarm_next ON alarm (next) WHERE state = 0",
    "CREATE INDEX alarm_restart ON alarm (room) WHERE state = 1",
    "CREATE TABLE probe (bytes BLOB NOT NULL)",
  };

  // Once for each file, when it is first opened by a version that keeps sizes. Of a value only its
  // length is read.
  private static final String[] SIZES = {
    "ALTER TABLE room ADD COLUMN bytes INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE room ADD COLUMN keys INTEGER NOT NULL DEFAULT 0",
    """
    UPDATE room SET bytes = size.bytes, keys = size.keys
      FROM (SELECT room AS number, sum(length(key) + length(value)) AS bytes, count(*) AS keys
            FROM entry GROUP BY room) AS size
      WHERE room.number = size.number\
    """,
  };

  // The keys between are those that begin with RoomStore.MARKS. A query uses the index only if it
  // says the same in the same words.
  static final String MARKED = "key >= x'006d61726b2f' AND key < x'006d61726b30'";

  /// Not among the tables, since files that were made before it get it when they are opened.
  private static final String MARK_INDEX =
      "CREATE INDEX IF NOT EXISTS entry_mark ON entry (key, room) WHERE " + MARKED;

  /// Makes the tables if `mayCreate` and the file is new or empty; checks that they are ours.
  ///
  /// @throws DataFolderException if the file is missing, damaged, newer, or not ours; names it
  void prepare(boolean mayCreate) throws DataFolderException {
    checkHeader(mayCreate);
    if (mayCreate) {
      make();
    }
    // Not yet in WAL mode: another program's database is left as it is, and a file of ours is
    // either empty or complete.
    try (Connection connection = Sqlite.connect(path)) {
      if (mayCreate && pragma(connection, "user_version") == 0 && isEmpty(connection)) {
        create(connection);
      }
      check(connection);
      execute(connection, MARK_INDEX);
    } catch (SQLException e) {
      throw new DataFolderException(
          "the shard file "
              + path
              + " cannot be opened ("
              + e.getMessage()
              + "): it was left as it is; if it is damaged, put it back from a backup of this"
              + " data folder",
          e);
    }
  }

  /// Before SQLite does: what lies beside the file gets its permissions, as SQLite has it.
  private void make() throws DataFolderException {
    try {
      OwnerOnly.makeFile(path);
    } catch (IOException e) {
      throw new DataFolderException("the shard file " + path + " cannot be made: " + e, e);
    }
  }

  /// Reads the first bytes before SQLite has the file: closing a descriptor later would drop
  /// SQLite's locks on it.
  private void checkHeader(boolean mayCreate) throws DataFolderException {
    try {
      if (!Files.exists(path) || Files.size(path) == 0) {
        if (mayCreate) {
          return;
        }
        throw new DataFolderException(
            "the shard file "
                + path
                + " is missing or empty though this data folder had it: put it back from a backup");
      }
      if (Files.exists(path.resolveSibling(path.getFileName() + "-journal"))) {
        return; // Making it was cut short; SQLite will undo that first.
      }
      try (InputStream in = Files.newInputStream(path)) {
        if (!Arrays.equals(in.readNBytes(MAGIC.length), MAGIC)) {
          throw new DataFolderException(
              path
                  + " is not a SQLite database: it is damaged or another program's; it was left"
                  + " as it is; put it back from a backup, or move it away yourself");
        }
      }
    } catch (DataFolderException alreadyClear) {
      throw alreadyClear;
    } catch (IOException e) {
      throw new DataFolderException("the shard file " + path + " cannot be read: " + e, e);
    }
  }

  private void create(Connection connection) throws SQLException {
    execute(connection, "PRAGMA page_size = 4096");
    execute(connection, "PRAGMA synchronous = FULL");
    execute(connection, "BEGIN IMMEDIATE");
    for (String table : TABLES) {
      execute(connection, table);
    }
    execute(connection, "INSERT INTO meta VALUES (1, 0, " + index + ", " + files + ")");
    execute(connection, "PRAGMA application_id = " + APPLICATION);
    execute(connection, "PRAGMA user_version = " + SHAPE);
    execute(connection, "COMMIT");
  }

  private void check(Connection connection) throws SQLException, DataFolderException {
    if (pragma(connection, "application_id") != APPLICATION) {
      throw new DataFolderException(
          path + " is another program's database; it was left as it is; move it away yourself");
    }
    long shape = pragma(connection, "user_version");
    if (shape == SHAPE_WITHOUT_SIZES) {
      addSizes(connection);
      shape = SHAPE;
    }
    if (shape != SHAPE) {
      throw new DataFolderException(
          "the shard file "
              + path
              + " has tables of shape "
              + shape
              + ", this version knows "
              + SHAPE
              + ": start the version that wrote it");
    }
    if (number(connection, "SELECT file FROM meta") != index) {
      throw new DataFolderException(
          "the shard file "
              + path
              + " was renamed: inside it says that it is number "
              + number(connection, "SELECT file FROM meta"));
    }
    DataFolder.checkFiles(path, (int) number(connection, "SELECT files FROM meta"), files);
  }

  /// Is done whole or not at all, so that a start that is killed meanwhile does it again.
  private static void addSizes(Connection connection) throws SQLException {
    execute(connection, "PRAGMA synchronous = FULL");
    execute(connection, "BEGIN IMMEDIATE");
    for (String step : SIZES) {
      execute(connection, step);
    }
    execute(connection, "PRAGMA user_version = " + SHAPE);
    execute(connection, "COMMIT");
  }

  /// A connection with the settings that the promises rest on: every commit is synced before it
  /// returns, nothing is written outside the data folder.
  Connection connect() throws SQLException {
    Connection connection = Sqlite.connect(path);
    try {
      execute(connection, "PRAGMA busy_timeout = 5000");
      execute(connection, "PRAGMA journal_mode = WAL");
      execute(connection, "PRAGMA synchronous = FULL");
      execute(connection, "PRAGMA wal_autocheckpoint = 4000");
      execute(connection, "PRAGMA journal_size_limit = " + (64 << 20));
      execute(connection, "PRAGMA cache_size = -" + cacheBytes / 1024);
      execute(connection, "PRAGMA temp_store = MEMORY");
      execute(connection, "PRAGMA trusted_schema = OFF");
      return connection;
    } catch (SQLException | RuntimeException | Error e) {
      try {
        connection.close();
      } catch (SQLException second) {
        e.addSuppressed(second);
      }
      throw e;
    }
  }

  private static boolean isEmpty(Connection connection) throws SQLException {
    return number(connection, "SELECT count(*) FROM sqlite_schema") == 0;
  }

  private static long pragma(Connection connection, String name) throws SQLException {
    return number(connection, "PRAGMA " + name);
  }

  static long number(Connection connection, String query) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(query)) {
      if (!row.next()) {
        throw new SQLException("no row for " + query);
      }
      return row.getLong(1);
    }
  }

  static void execute(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
