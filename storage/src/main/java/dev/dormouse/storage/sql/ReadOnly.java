package dev.dormouse.storage.sql;

import dev.dormouse.room.SqlFailure;
import dev.dormouse.room.SqlFailure.Kind;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteConnection;

/// Work on a connection on which SQLite itself refuses to write: what a statement's tokens say of
/// it ([Checked]) is not all that stands between it and the room's rows.
///
/// SQLite asks for the switch when a statement begins. It prepares all statements anew after each
/// turn of the switch, and breaks off those at work that come to another table: so none is, and
/// this is not for what has to be fast.
final class ReadOnly {
  /// `SQLITE_READONLY`.
  private static final int CODE = 8;

  private ReadOnly() {}

  /// What is done meanwhile.
  interface Work<T> {
    T run() throws SQLException;
  }

  /// Does the work; afterwards the connection writes again.
  ///
  /// @throws SqlFailure with [Kind#NOT_ALLOWED] if it would write
  /// @throws SQLException what SQLite says, of the work or of the switch
  static <T> T during(SQLiteConnection connection, Work<T> work) throws SQLException {
    RoomFile.execute(connection, "PRAGMA query_only = ON");
    try {
      return work.run();
    } catch (SQLException e) {
      if ((e.getErrorCode() & 0xff) == CODE) {
        throw refusal(e);
      }
      throw e;
    } finally {
      RoomFile.execute(connection, "PRAGMA query_only = OFF");
    }
  }

  static SqlFailure refusal(@Nullable Throwable cause) {
    return new SqlFailure(Kind.NOT_ALLOWED, "only statements that read are allowed here", cause);
  }
}
