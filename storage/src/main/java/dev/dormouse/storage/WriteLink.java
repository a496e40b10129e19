package dev.dormouse.storage;

import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/// A writer's connection to its file, which can be lost and made anew.
///
/// Used by the writer's thread only.
final class WriteLink {
  private final ShardFile file;
  private final int knownRooms;

  /// Null while the file cannot be opened.
  private @Nullable WriteConnection connection;

  /// See [WriteConnection#limitPages]; 0 for no limit. SQLite forgets it with the connection.
  private long pageLimit;

  WriteLink(ShardFile file, int knownRooms, WriteConnection connection) {
    this.file = file;
    this.knownRooms = knownRooms;
    this.connection = connection;
  }

  /// @throws SQLException if there is none
  WriteConnection connected() throws SQLException {
    if (connection == null) {
      throw new SQLException("the shard file " + file.path() + " is not open", null, 14);
    }
    return connection;
  }

  /// Closes the connection and makes another.
  WriteConnection reconnect() throws SQLException {
    disconnect();
    WriteConnection fresh = WriteConnection.open(file, knownRooms);
    connection = fresh;
    if (pageLimit > 0) {
      fresh.limitPages(pageLimit);
    }
    return fresh;
  }

  void disconnect() throws SQLException {
    WriteConnection old = connection;
    connection = null;
    if (old != null) {
      old.close();
    }
  }

  /// Leaves no transaction behind, and every statement ready for use.
  ///
  /// @param failure what ended the transaction
  void undo(Throwable failure) throws SQLException {
    if (connection == null) {
      return;
    }
    if (failure instanceof SQLException) {
      // The driver closes a statement after most of SQLite's errors, without telling: from then on
      // it would fail for every room. A new connection has all of them, and no transaction.
      reconnect();
      return;
    }
    try {
      connection.rollback();
    } catch (SQLException ended) {
      // Mostly SQLite has ended it by itself. Whatever it was, a new connection has none.
      reconnect();
    }
  }

  void limitPages(long pages) throws SQLException {
    pageLimit = pages;
    connected().limitPages(pages);
  }
}
