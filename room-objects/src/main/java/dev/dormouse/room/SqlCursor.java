package dev.dormouse.room;

import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The rows of one statement, forward only, fetched as they are asked for. It belongs to the turn
/// and closes with it; it is no snapshot: a row that is written meanwhile may appear in it.
public interface SqlCursor extends Iterator<SqlCursor.Row> {

  /// The names of the columns, in order; empty for a statement without rows.
  List<String> columnNames();

  /// @throws SqlFailure if the statement fails as it goes on
  @Override
  boolean hasNext();

  @Override
  Row next();

  /// The only row.
  ///
  /// @throws java.util.NoSuchElementException if there is none
  /// @throws IllegalStateException if there are more
  Row one();

  /// The first row that is left, if there is one; the cursor is closed.
  Optional<Row> first();

  /// All rows that are left.
  ///
  /// @throws Refusal.TooLarge if they exceed the limit for one listing
  List<Row> toList();

  /// The same rows as lists of plain values: null, [Long], [Double], [String], `byte[]`.
  Iterator<List<@Nullable Object>> raw();

  /// How many rows the cursor has handed out or holds ready.
  long rowsRead();

  /// How many rows the statement inserted, changed or deleted, triggers included.
  long rowsWritten();

  /// Lets go of the statement before the turn ends. May be called again, and after the turn.
  void close();

  /// One row. Columns are counted from 0, or called by name: of two with the same name the first is
  /// meant.
  interface Row {
    int size();

    /// Null, a [Long], a [Double], a [String] or a `byte[]`.
    @Nullable Object get(int column);

    @Nullable Object get(String column);

    boolean isNull(int column);

    boolean isNull(String column);

    /// A whole number, exact in all 64 bits.
    ///
    /// @throws IllegalStateException if it is another kind of value
    long getLong(int column);

    long getLong(String column);

    /// A number, whole ones included.
    double getDouble(int column);

    double getDouble(String column);

    String getText(int column);

    String getText(String column);

    byte[] getBytes(int column);

    byte[] getBytes(String column);
  }
}
