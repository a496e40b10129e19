package dev.dormouse.room.runtime;

import dev.dormouse.room.Refusal;
import dev.dormouse.room.SqlCursor;
import dev.dormouse.room.spi.SqlPage;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The rows of a statement, a page at a time. Used by the thread that holds the turn.
final class TurnCursor implements SqlCursor {
  private final TurnSql sql;
  private final Turn turn;
  private final long cursor;
  private final List<String> columns;
  private final long rowsWritten;
  private List<@Nullable Object[]> rows;
  private int at;
  private boolean last;
  private long rowsRead;

  TurnCursor(TurnSql sql, Turn turn, SqlPage page) {
    this.sql = sql;
    this.turn = turn;
    cursor = page.cursor();
    columns = page.columns();
    rowsWritten = page.rowsWritten();
    rows = page.rows();
    last = page.last();
    rowsRead = rows.size();
  }

  @Override
  public List<String> columnNames() {
    return columns;
  }

  @Override
  public boolean hasNext() {
    while (at == rows.size() && !last) {
      SqlPage page = sql.more(turn, cursor);
      rows = page.rows();
      last = page.last();
      at = 0;
      rowsRead += rows.size();
    }
    return at < rows.size();
  }

  @Override
  public Row next() {
    return new PlainRow(columns, values());
  }

  private @Nullable Object[] values() {
    if (!hasNext()) {
      throw new NoSuchElementException("the statement has no more rows");
    }
    return rows.get(at++);
  }

  @Override
  public Row one() {
    Row row = next();
    if (hasNext()) {
      close();
      throw new IllegalStateException("the statement has more than one row");
    }
    return row;
  }

  @Override
  public Optional<Row> first() {
    Optional<Row> row = hasNext() ? Optional.of(next()) : Optional.empty();
    close();
    return row;
  }

  @Override
  public List<Row> toList() {
    List<Row> all = new ArrayList<>();
    long bytes = 0;
    while (hasNext()) {
      @Nullable Object[] values = values();
      bytes += size(values);
      if (bytes > sql.listBytes()) {
        throw new Refusal.TooLarge(
            "a list of rows has at most %,d bytes; this one of %s has more: take them one by one, or LIMIT them"
                .formatted(sql.listBytes(), sql.room()));
      }
      all.add(new PlainRow(columns, values));
    }
    return all;
  }

  private static long size(@Nullable Object[] values) {
    long bytes = 16;
    for (Object value : values) {
      bytes +=
          switch (value) {
            case String text -> text.length();
            case byte[] blob -> blob.length;
            case null, default -> 8;
          };
    }
    return bytes;
  }

  @Override
  public Iterator<List<@Nullable Object>> raw() {
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        return TurnCursor.this.hasNext();
      }

      @Override
      public List<@Nullable Object> next() {
        List<@Nullable Object> row = new ArrayList<>();
        for (Object value : values()) {
          row.add(value);
        }
        return row;
      }
    };
  }

  @Override
  public long rowsRead() {
    return rowsRead;
  }

  @Override
  public long rowsWritten() {
    return rowsWritten;
  }

  @Override
  public void close() {
    if (!last) {
      last = true;
      sql.close(turn, cursor);
    }
    at = rows.size();
  }

  /// A row with its values.
  private record PlainRow(List<String> columns, @Nullable Object[] values) implements Row {
    @Override
    public int size() {
      return values.length;
    }

    private int column(String name) {
      int found = columns.indexOf(name);
      if (found < 0) {
        throw new IllegalArgumentException("there is no column '" + name + "' in " + columns);
      }
      return found;
    }

    private <T> T value(int column, Class<T> type) {
      Object value = values[column];
      if (!type.isInstance(value)) {
        throw new IllegalStateException(
            "column '%s' holds %s, not a %s"
                .formatted(
                    columns.get(column),
                    value == null ? "null" : "a " + value.getClass().getSimpleName(),
                    type.getSimpleName()));
      }
      return type.cast(value);
    }

    @Override
    public @Nullable Object get(int column) {
      Object value = values[column];
      return value instanceof byte[] bytes ? bytes.clone() : value;
    }

    @Override
    public @Nullable Object get(String column) {
      return get(column(column));
    }

    @Override
    public boolean isNull(int column) {
      return values[column] == null;
    }

    @Override
    public boolean isNull(String column) {
      return isNull(column(column));
    }

    @Override
    public long getLong(int column) {
      return value(column, Long.class);
    }

    @Override
    public long getLong(String column) {
      return getLong(column(column));
    }

    @Override
    public double getDouble(int column) {
      return values[column] instanceof Long whole
          ? whole.doubleValue()
          : value(column, Double.class);
    }

    @Override
    public double getDouble(String column) {
      return getDouble(column(column));
    }

    @Override
    public String getText(int column) {
      return value(column, String.class);
    }

    @Override
    public String getText(String column) {
      return getText(column(column));
    }

    @Override
    public byte[] getBytes(int column) {
      return value(column, byte[].class).clone();
    }

    @Override
    public byte[] getBytes(String column) {
      return getBytes(column(column));
    }
  }
}
