package dev.dormouse.storage;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/// The scratch file: connection records of sleeping rooms, for as long as the process lives (C3).
///
/// Nothing in it is worth a sync, since a crash ends the connections too. It has a write-ahead log
/// nevertheless: a transaction that fails halfway, on a full disk or a failing one, has then not
/// touched the file, and what other rooms left there can still be read.
///
/// @param path where it lies
record ScratchFile(Path path) {
  static final String NAME = "scratch.db";

  /// What SQLite lays beside a database, in any of its modes.
  private static final List<String> SUFFIXES = List.of("", "-journal", "-wal", "-shm");

  private static final int CACHE_KIB = 8 * 1024;
  private static final int LOG_BYTES = 16 << 20;

  // One b-tree holds the records of a room side by side, so a page of them is read in one go; tags
  // lie there too, and are repeated in the table that finds records by tag.
  private static final String[] TABLES = {
    """
    CREATE TABLE room (
      number INTEGER PRIMARY KEY,
      namespace TEXT NOT NULL, id BLOB NOT NULL,
      connections INTEGER, closing INTEGER, since INTEGER, name TEXT)\
    """,
    "CREATE UNIQUE INDEX room_id ON room (namespace, id)",
    """
    CREATE TABLE record (
      room INTEGER NOT NULL, key INTEGER NOT NULL,
      flags INTEGER NOT NULL, protocol TEXT, tags BLOB NOT NULL, attachment BLOB NOT NULL,
      PRIMARY KEY (room, key)) WITHOUT ROWID\
    """,
    """
    CREATE TABLE tag (
      room INTEGER NOT NULL, tag BLOB NOT NULL, key INTEGER NOT NULL,
      PRIMARY KEY (room, tag, key)) WITHOUT ROWID\
    """,
  };

  /// Deletes what a process before left, and makes an empty file.
  void make() throws IOException, SQLException {
    delete();
    OwnerOnly.makeFile(path);
    try (Connection connection = connect()) {
      for (String table : TABLES) {
        ShardFile.execute(connection, table);
      }
    }
  }

  /// A connection that expects to be the only one, and syncs nothing.
  Connection connect() throws SQLException {
    Connection connection = Sqlite.connect(path);
    try {
      // Before the log is opened: its index is then in memory, not in a file beside it.
      ShardFile.execute(connection, "PRAGMA locking_mode = EXCLUSIVE");
      ShardFile.execute(connection, "PRAGMA journal_mode = WAL");
      ShardFile.execute(connection, "PRAGMA synchronous = OFF");
      ShardFile.execute(connection, "PRAGMA journal_size_limit = " + LOG_BYTES);
      ShardFile.execute(connection, "PRAGMA cache_size = -" + CACHE_KIB);
      ShardFile.execute(connection, "PRAGMA temp_store = MEMORY");
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

  void delete() throws IOException {
    for (String suffix : SUFFIXES) {
      Files.deleteIfExists(path.resolveSibling(NAME + suffix));
    }
  }
}
