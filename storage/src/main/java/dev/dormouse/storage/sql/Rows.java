package dev.dormouse.storage.sql;

import dev.dormouse.room.SqlFailure;
import dev.dormouse.room.SqlFailure.Kind;
import dev.dormouse.room.spi.SqlPage;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a statement says, as rooms see it: rows of null, Long, Double, String and `byte[]`.
final class Rows {
  /// What the values of a row have at most together, in bytes: as much as a stored row can have.
  static final int MOST_BYTES = (2 << 20) + (64 << 10);

  private Rows() {}

  /// Runs a statement as far as it may be read.
  ///
  /// @param most rows
  /// @param mostBytes what their values have together, at most
  /// @return `last` says whether these are all
  static SqlPage first(PreparedStatement statement, int most, long mostBytes) throws SQLException {
    if (!statement.execute()) {
      return new SqlPage(0, List.of(), List.of(), true, 0, false);
    }
    try (ResultSet result = statement.getResultSet()) {
      List<String> columns = columns(result);
      List<@Nullable Object[]> rows = new ArrayList<>();
      long bytes = 0;
      while (result.next()) {
        @Nullable Object[] row = row(result, columns.size());
        bytes += bytes(row);
        if (rows.size() == most || bytes > mostBytes) {
          return new SqlPage(0, columns, rows, false, 0, false);
        }
        rows.add(row);
      }
      return new SqlPage(0, columns, rows, true, 0, false);
    }
  }

  static List<String> columns(ResultSet rows) throws SQLException {
    ResultSetMetaData meta = rows.getMetaData();
    List<String> columns = new ArrayList<>();
    for (int i = 1; i <= meta.getColumnCount(); i++) {
      columns.add(meta.getColumnLabel(i));
    }
    return List.copyOf(columns);
  }

  /// The row at which a result stands, read value by value as long as there is room for them:
  /// SQLite limits each value, but not what a row of a result has.
  ///
  /// @throws SqlFailure if they have more than [#MOST_BYTES]
  static @Nullable Object[] row(ResultSet at, int columns) throws SQLException {
    @Nullable Object[] row = new @Nullable Object[columns];
    long bytes = 0;
    for (int i = 0; i < columns; i++) {
      Object value = value(at, i + 1);
      bytes +=
          switch (value) {
            // Not more than the bytes that SQLite has of it.
            case String text -> text.length();
            case byte[] blob -> blob.length;
            case null, default -> 0;
          };
      if (bytes > MOST_BYTES) {
        throw new SqlFailure(
            Kind.OVER_LIMIT,
            "the values of a row have at most %,d bytes together".formatted(MOST_BYTES),
            null);
      }
      row[i] = value;
    }
    return row;
  }

  private static @Nullable Object value(ResultSet row, int column) throws SQLException {
    Object value = row.getObject(column);
    return switch (value) {
      case Integer number -> number.longValue();
      // The driver gives null for an empty blob too.
      case null -> row.wasNull() ? null : new byte[0];
      default -> value;
    };
  }

  /// About how much a row takes.
  static long bytes(@Nullable Object[] row) {
    long bytes = 0;
    for (Object value : row) {
      bytes +=
          switch (value) {
            case String text -> text.length() * 2L;
            case byte[] blob -> blob.length;
            case null, default -> 16;
          };
    }
    return bytes;
  }
}
