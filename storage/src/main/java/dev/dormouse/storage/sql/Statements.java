package dev.dormouse.storage.sql;

import dev.dormouse.room.SqlFailure;
import dev.dormouse.room.SqlFailure.Kind;
import dev.dormouse.room.spi.SqlPage;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.sqlite.ProgressHandler;
import org.sqlite.SQLiteConnection;

/// The statements of a room's code on its file: checked, prepared and kept, limited, and read a
/// page at a time.
///
/// For one thread at a time.
final class Statements {
  /// How many prepared statements are kept for use again.
  private static final int KEPT = 32;

  /// Longer ones, in UTF-16 units, are prepared each time: they take memory by the length of their
  /// text.
  private static final int LONGEST_KEPT = 2_000;

  private static final int FIRST_ROWS = 64;
  private static final int MORE_ROWS = 512;
  private static final int PAGE_BYTES = 128 * 1024;

  /// What SQLite says of a program that becomes too long.
  private static final int NO_MEMORY = 7;

  private final SQLiteConnection connection;
  private final Budget budget;
  private final SqlObserver observer;
  private final Map<Long, Cursor> cursors = new HashMap<>();
  private long lastCursor;

  private final Map<String, Ready> kept =
      new LinkedHashMap<>(16, 0.75f, /* accessOrder= */ true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Ready> eldest) {
          boolean over = size() > KEPT;
          if (over) {
            eldest.getValue().close();
          }
          return over;
        }
      };

  /// A statement that can be run.
  private record Ready(Checked checked, PreparedStatement statement) {
    void close() {
      try {
        statement.close();
      } catch (SQLException _) {
        // It is gone in any case.
      }
    }
  }

  /// A statement whose rows are not all read.
  private static final class Cursor {
    final Ready ready;
    final ResultSet rows;
    final List<String> columns;
    final boolean question;
    long steps;

    Cursor(Ready ready, ResultSet rows, List<String> columns, boolean question) {
      this.ready = ready;
      this.rows = rows;
      this.columns = columns;
      this.question = question;
    }
  }

  Statements(
      SQLiteConnection connection, SqlSettings settings, LongSupplier clock, SqlObserver observer)
      throws SQLException {
    this.connection = connection;
    this.observer = observer;
    this.budget = new Budget(settings.steps(), settings.statement().toNanos(), clock);
    SizeLimits.set(connection);
    ProgressHandler.setHandler(connection, Budget.STRIDE, budget);
    Functions.tame(connection, budget::isOver);
  }

  /// Runs a statement as far as its first page of rows.
  ///
  /// @throws SqlFailure if it is not allowed, or its bindings do not fit
  /// @throws SQLException what SQLite says; see [#failure]
  SqlPage exec(String sql, List<@Nullable Object> bindings) throws SQLException {
    return exec(false, sql, bindings, Long.MAX_VALUE);
  }

  /// The same for one that may only read, and which somebody else may have written.
  ///
  /// @param nanos how long it may take, if that is less than others may
  SqlPage question(String sql, List<@Nullable Object> bindings, long nanos) throws SQLException {
    SizeLimits.forQuestions(connection, true);
    try {
      return exec(true, sql, bindings, nanos);
    } finally {
      SizeLimits.forQuestions(connection, false);
    }
  }

  private SqlPage exec(boolean reading, String sql, List<@Nullable Object> bindings, long nanos)
      throws SQLException {
    long before = changes();
    budget.arm(0, nanos);
    Ready ready = null;
    boolean done = false;
    try {
      ready = ready(sql);
      if (reading) {
        checkReads(ready);
        checkGathersNothing(ready);
      }
      PreparedStatement statement = ready.statement();
      bind(statement, bindings);
      boolean shapes = ready.checked().kind() == Checked.Kind.SHAPE;
      long shape = shapes ? shape() : 0;
      boolean rows = statement.execute();
      long written = changes() - before;
      boolean changed = written > 0 || (shapes && shape() != shape);
      SqlPage page;
      if (rows) {
        ResultSet result = statement.getResultSet();
        Cursor cursor = new Cursor(ready, result, Rows.columns(result), reading);
        page = page(cursor, ++lastCursor, reading ? MORE_ROWS : FIRST_ROWS, written, changed);
        if (ready.checked().kind() == Checked.Kind.WRITE) {
          page = returned(page, changes() - before);
        }
        observer.rows(page.rows().size(), changes() - before);
        if (!page.last()) {
          cursors.put(lastCursor, cursor);
          cursor.steps = budget.disarm();
          done = true;
          return page;
        }
      } else {
        page = new SqlPage(0, List.of(), List.of(), true, written, changed);
        observer.rows(0, written);
      }
      keep(ready);
      done = true;
      return page;
    } finally {
      var _ = budget.disarm();
      if (!done && ready != null) {
        ready.close();
      }
    }
  }

  private static void checkGathersNothing(Ready ready) {
    ready
        .checked()
        .gathers()
        .ifPresent(name -> {
          throw new SqlFailure(
              Kind.NOT_ALLOWED,
              "'" + name + "' is not for questions: it gathers rows in memory without a limit",
              null);
        });
  }

  private static void checkReads(Ready ready) {
    if (ready.checked().kind() != Checked.Kind.READ) {
      throw ReadOnly.refusal(null);
    }
  }

  /// Runs a statement that reads while SQLite itself refuses to write, and reads its first rows.
  /// Nothing of it is kept. Cursors that are open close, since they would not survive what
  /// [ReadOnly] does to all that is prepared.
  ///
  /// @return `last` says whether these are all
  /// @throws SqlFailure if it is not allowed or would write
  /// @throws SQLException what SQLite says; see [#failure]
  SqlPage look(String sql, int most, long bytes) throws SQLException {
    closeCursors();
    return ReadOnly.during(
        connection,
        () -> {
          budget.arm(0);
          Ready ready = null;
          try {
            ready = ready(sql);
            checkReads(ready);
            bind(ready.statement(), List.of());
            SqlPage page = Rows.first(ready.statement(), most, bytes);
            observer.rows(page.rows().size(), 0);
            return page;
          } finally {
            var _ = budget.disarm();
            if (ready != null) {
              ready.close();
            }
          }
        });
  }

  /// How many rows were changed on this connection, ever.
  private long changes() throws SQLException {
    return connection.getDatabase().total_changes();
  }

  /// What a statement with `RETURNING` has done: SQLite counts its changes at its end only, when
  /// all its rows are read. Until then it may have changed something.
  private static SqlPage returned(SqlPage page, long written) {
    return new SqlPage(
        page.cursor(),
        page.columns(),
        page.rows(),
        page.last(),
        written,
        written > 0 || !page.last());
  }

  /// SQLite's count of changes to what there is. `CREATE TABLE IF NOT EXISTS` mostly is none.
  private long shape() throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("PRAGMA schema_version")) {
      return row.next() ? row.getLong(1) : 0;
    }
  }

  private Ready ready(String sql) throws SQLException {
    Ready known = kept.remove(sql);
    if (known != null) {
      return known;
    }
    Checked checked;
    try {
      checked = Checked.of(sql);
    } catch (NotAllowed no) {
      throw new SqlFailure(Kind.NOT_ALLOWED, String.valueOf(no.getMessage()), null);
    }
    try {
      return new Ready(checked, connection.prepareStatement(sql));
    } catch (SQLException e) {
      if ((e.getErrorCode() & 0xff) == NO_MEMORY) {
        throw new SqlFailure(Kind.OVER_LIMIT, "the statement is too much for one", e);
      }
      throw e;
    }
  }

  /// Only statements that are at their end and well can be used again.
  private void keep(Ready ready) throws SQLException {
    if (ready.checked().sql().length() > LONGEST_KEPT) {
      ready.close();
      return;
    }
    ready.statement().clearParameters();
    Ready twin = kept.put(ready.checked().sql(), ready);
    if (twin != null) {
      twin.close();
    }
  }

  private static void bind(PreparedStatement statement, List<@Nullable Object> bindings)
      throws SQLException {
    int places = statement.getParameterMetaData().getParameterCount();
    if (places != bindings.size()) {
      throw new SqlFailure(
          Kind.WRONG,
          "the statement has %d places for bindings, and %d were given"
              .formatted(places, bindings.size()),
          null);
    }
    for (int i = 0; i < places; i++) {
      switch (bindings.get(i)) {
        case null -> statement.setNull(i + 1, java.sql.Types.NULL);
        case Long number -> statement.setLong(i + 1, number);
        case Double number -> statement.setDouble(i + 1, number);
        case String text -> statement.setString(i + 1, text);
        case byte[] bytes -> statement.setBytes(i + 1, bytes);
        default -> throw new IllegalArgumentException("no binding: " + bindings.get(i));
      }
    }
  }

  private static SqlPage page(Cursor cursor, long number, int most, long written, boolean changed)
      throws SQLException {
    List<@Nullable Object[]> rows = new ArrayList<>();
    int columns = cursor.columns.size();
    long bytes = 0;
    while (rows.size() < most && bytes < PAGE_BYTES) {
      if (!cursor.rows.next()) {
        cursor.rows.close();
        return new SqlPage(number, cursor.columns, rows, true, written, changed);
      }
      @Nullable Object[] row = Rows.row(cursor.rows, columns);
      bytes += Rows.bytes(row);
      rows.add(row);
    }
    return new SqlPage(number, cursor.columns, rows, false, written, changed);
  }

  /// The next page of a cursor.
  ///
  /// @throws SqlFailure if there is no such cursor
  SqlPage more(long number) throws SQLException {
    Cursor cursor = cursors.get(number);
    if (cursor == null) {
      throw new SqlFailure(
          Kind.WRONG, "the cursor was closed when its transaction was rolled back", null);
    }
    long before = changes();
    budget.arm(cursor.steps);
    boolean more = false;
    SizeLimits.forQuestions(connection, cursor.question);
    try {
      SqlPage page = page(cursor, number, MORE_ROWS, 0, false);
      observer.rows(page.rows().size(), changes() - before);
      more = !page.last();
      if (!more) {
        cursors.remove(number);
        keep(cursor.ready);
      }
      return page;
    } finally {
      SizeLimits.forQuestions(connection, false);
      cursor.steps = budget.disarm();
      if (!more && cursors.remove(number) != null) {
        cursor.ready.close();
      }
    }
  }

  void close(long number) {
    Cursor cursor = cursors.remove(number);
    if (cursor != null) {
      cursor.ready.close();
    }
  }

  boolean hasCursors() {
    return !cursors.isEmpty();
  }

  /// Closes all cursors.
  void closeCursors() {
    cursors.values().forEach(cursor -> cursor.ready.close());
    cursors.clear();
  }

  void closeAll() {
    closeCursors();
    kept.values().forEach(Ready::close);
    kept.clear();
  }

  /// What limits them.
  Budget budget() {
    return budget;
  }

  /// What a failure of a statement is to the room's code; null if it is one of the file's.
  ///
  /// @param undone whether SQLite has undone the whole transaction
  @Nullable SqlFailure failure(SQLException failure, boolean undone) {
    String message = String.valueOf(failure.getMessage());
    @Nullable Kind kind =
        switch (failure.getErrorCode() & 0xff) {
          case 9 -> Kind.OVER_LIMIT;
          case 19 -> Kind.CONSTRAINT;
          case 1 -> message.contains(Functions.TOO_LONG) ? Kind.OVER_LIMIT : Kind.WRONG;
          case 0, 4, 6, 12, 17, 18, 20, 21, 25 -> Kind.WRONG;
          case 11 ->
              // Of a virtual table, whose own tables can be written to.
              failure.getErrorCode() == 267 ? Kind.WRONG : null;
          default -> null;
        };
    if (kind == null) {
      return null;
    }
    if (kind == Kind.OVER_LIMIT) {
      message = "the statement takes more steps or time than it may";
    }
    return undone
        ? new SqlFailure(Kind.TURN_UNDONE, message + "; all that the turn did is undone", failure)
        : new SqlFailure(kind, message, failure);
  }
}
