package dev.dormouse.crash.check;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// Spoils shard files, to show that the [Checker] finds it. Each method changes the first row that
/// fits, and says that there was one.
public final class Tamper {
  /// What the keys and alarms of sagas begin with.
  public static final String OURS = RoomRows.OURS;

  private final Path data;

  public Tamper(Path data) {
    this.data = data;
  }

  private record Row(long room, byte[] key, byte[] value) {
    String text() {
      return new String(key, StandardCharsets.UTF_8);
    }
  }

  public boolean deleteEntry(Predicate<String> key) throws Exception {
    return edit("entry", "key", "value", row -> key.test(row.text()), _ -> null);
  }

  public boolean changeEntry(Predicate<String> key, UnaryOperator<byte[]> change) throws Exception {
    return edit("entry", "key", "value", row -> key.test(row.text()), change::apply);
  }

  /// The same for text; only rows whose text `change` really changes.
  public boolean changeText(Predicate<String> key, UnaryOperator<String> change) throws Exception {
    return edit(
        "entry",
        "key",
        "value",
        row -> key.test(row.text()) && !change.apply(text(row.value)).equals(text(row.value)),
        bytes -> change.apply(text(bytes)).getBytes(StandardCharsets.UTF_8));
  }

  public boolean deleteAlarm(Predicate<String> name) throws Exception {
    return edit("alarm", "name", "name", row -> name.test(row.text()), _ -> null);
  }

  /// Leaves an alarm there that never fires again.
  public boolean parkAlarm(Predicate<String> name) throws Exception {
    return any(connection -> {
      for (Row row : rows(connection, "alarm", "name", "name")) {
        if (name.test(row.text())) {
          execute(connection, "UPDATE alarm SET state = 2 WHERE room = ? AND name = ?", row, null);
          return true;
        }
      }
      return false;
    });
  }

  /// Has the last line of a journal a second time, with all numbers in order.
  public boolean repeatJournal(String begins) throws Exception {
    return any(connection -> {
      for (Row row : rows(connection, "entry", "key", "value")) {
        if (row.text().startsWith("journal/") && text(row.value).startsWith(begins)) {
          long lines =
              number(
                  connection,
                  "SELECT count(*) FROM entry WHERE room = "
                      + row.room
                      + " AND substr(key, 1, 8) = CAST('journal/' AS BLOB)");
          byte[] key = "journal/%06d".formatted(lines + 1).getBytes(StandardCharsets.UTF_8);
          Row copy = new Row(row.room, key, row.value);
          execute(
              connection, "INSERT INTO entry (room, key, value) VALUES (?, ?, ?)", copy, row.value);
          run(connection, "UPDATE room SET version = version + 1 WHERE number = " + row.room);
          return true;
        }
      }
      return false;
    });
  }

  /// Raises the version of a room of this namespace.
  public boolean raiseVersion(String namespace) throws Exception {
    return any(connection ->
        run(
                connection,
                "UPDATE room SET version = version + 1 WHERE number ="
                    + " (SELECT number FROM room WHERE namespace = '"
                    + namespace
                    + "' LIMIT 1)")
            > 0);
  }

  // ---- how

  private interface Work {
    boolean on(Connection connection) throws SQLException;
  }

  private interface Change {
    byte @Nullable [] to(byte[] value);
  }

  private boolean edit(String table, String key, String value, Predicate<Row> which, Change change)
      throws Exception {
    return any(connection -> {
      for (Row row : rows(connection, table, key, value)) {
        if (which.test(row)) {
          byte[] changed = change.to(row.value);
          execute(
              connection,
              changed == null
                  ? "DELETE FROM %s WHERE room = ? AND %s = ?".formatted(table, key)
                  : "UPDATE %s SET %s = ?3 WHERE room = ?1 AND %s = ?2"
                      .formatted(table, value, key),
              row,
              changed);
          return true;
        }
      }
      return false;
    });
  }

  private boolean any(Work work) throws Exception {
    for (Path file : ShardFiles.of(data)) {
      try (Connection connection = ShardFiles.open(file)) {
        if (work.on(connection)) {
          return true;
        }
      }
    }
    return false;
  }

  private static List<Row> rows(Connection connection, String table, String key, String value)
      throws SQLException {
    List<Row> rows = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                "SELECT room, %s, %s FROM %s ORDER BY 1, 2".formatted(key, value, table))) {
      while (row.next()) {
        rows.add(new Row(row.getLong(1), row.getBytes(2), row.getBytes(3)));
      }
    }
    return rows;
  }

  private static void execute(Connection connection, String sql, Row row, byte @Nullable [] value)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setLong(1, row.room);
      statement.setBytes(2, row.key);
      if (value != null) {
        statement.setBytes(3, value);
      }
      statement.executeUpdate();
    }
  }

  private static int run(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      return statement.executeUpdate(sql);
    }
  }

  private static long number(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      return row.next() ? row.getLong(1) : 0;
    }
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
