package dev.dormouse.storage.sql;

import java.sql.SQLException;
import org.sqlite.SQLiteConnection;
import org.sqlite.SQLiteLimits;

/// How large all about a statement may be: what Cloudflare allows, but for rows, which hold our
/// largest values. Of questions, which somebody else may have written, SQLite makes a shorter
/// program, with smaller values: where that does not jump nothing stops it, and one by the other is
/// what it can take of time and memory.
final class SizeLimits {
  private static final int PROGRAM = 25_000;
  private static final int QUESTION_PROGRAM = 5_000;
  private static final int QUESTION_VALUE = 256 * 1024;

  private SizeLimits() {}

  static void set(SQLiteConnection connection) throws SQLException {
    forQuestions(connection, false);
    connection.setLimit(SQLiteLimits.SQLITE_LIMIT_SQL_LENGTH, Checked.LONGEST);
    connection.setLimit(SQLiteLimits.SQLITE_LIMIT_COLUMN, 100);
    connection.setLimit(SQLiteLimits.SQLITE_LIMIT_EXPR_DEPTH, 100);
    connection.setLimit(SQLiteLimits.SQLITE_LIMIT_COMPOUND_SELECT, 5);
    connection.setLimit(SQLiteLimits.SQLITE_LIMIT_FUNCTION_ARG, 32);
    connection.setLimit(SQLiteLimits.SQLITE_LIMIT_ATTACHED, 0);
    connection.setLimit(SQLiteLimits.SQLITE_LIMIT_LIKE_PATTERN_LENGTH, 50);
    connection.setLimit(SQLiteLimits.SQLITE_LIMIT_VARIABLE_NUMBER, 100);
    connection.setLimit(SQLiteLimits.SQLITE_LIMIT_TRIGGER_DEPTH, 10);
    connection.setLimit(SQLiteLimits.SQLITE_LIMIT_WORKER_THREADS, 0);
  }

  /// From here on for questions, or for others.
  static void forQuestions(SQLiteConnection connection, boolean are) throws SQLException {
    connection.setLimit(SQLiteLimits.SQLITE_LIMIT_LENGTH, are ? QUESTION_VALUE : Rows.MOST_BYTES);
    connection.setLimit(SQLiteLimits.SQLITE_LIMIT_VDBE_OP, are ? QUESTION_PROGRAM : PROGRAM);
  }
}
