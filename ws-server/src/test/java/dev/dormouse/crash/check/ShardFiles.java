package dev.dormouse.crash.check;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/// Reads the shard files of a data folder as plain SQLite. A server may be at work on them: each
/// file is read in one transaction.
public final class ShardFiles {
  private ShardFiles() {}

  static List<Path> of(Path data) throws IOException {
    try (Stream<Path> all = Files.list(data)) {
      return all.filter(path -> path.getFileName().toString().matches("rooms-\\d\\.db"))
          .sorted()
          .toList();
    }
  }

  /// Copies the shard files, logs included, of a process that is gone: opening them would already
  /// mend them.
  public static Path copy(Path data, Path to) throws IOException {
    Files.createDirectories(to);
    for (Path file : of(data)) {
      for (String end : List.of("", "-wal")) {
        Path from = data.resolve(file.getFileName() + end);
        Files.deleteIfExists(to.resolve(file.getFileName() + end));
        if (Files.exists(from)) {
          Files.copy(from, to.resolve(file.getFileName() + end));
        }
      }
      Files.deleteIfExists(to.resolve(file.getFileName() + "-shm"));
    }
    return to;
  }

  static Connection open(Path file) throws SQLException {
    Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file.toAbsolutePath());
    try (Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA busy_timeout = 5000");
    }
    return connection;
  }

  static List<RoomRows> read(Path data) throws IOException, SQLException {
    List<RoomRows> rooms = new ArrayList<>();
    for (Path file : of(data)) {
      try (Connection connection = open(file);
          Statement statement = connection.createStatement()) {
        statement.execute("BEGIN");
        Map<Long, RoomRows> byNumber = rooms(statement);
        entries(statement, byNumber);
        alarms(statement, byNumber);
        statement.execute("COMMIT");
        rooms.addAll(byNumber.values());
      }
    }
    return rooms;
  }

  private static Map<Long, RoomRows> rooms(Statement statement) throws SQLException {
    Map<Long, RoomRows> rooms = new LinkedHashMap<>();
    try (ResultSet row =
        statement.executeQuery("SELECT number, namespace, id, name, version FROM room")) {
      while (row.next()) {
        String name = row.getString(4);
        rooms.put(
            row.getLong(1),
            new RoomRows(
                row.getString(2),
                HexFormat.of().formatHex(row.getBytes(3)),
                name == null ? "" : name,
                row.getLong(5),
                new TreeMap<>(),
                new TreeMap<>()));
      }
    }
    return rooms;
  }

  private static void entries(Statement statement, Map<Long, RoomRows> rooms) throws SQLException {
    try (ResultSet row = statement.executeQuery("SELECT room, key, value FROM entry")) {
      while (row.next()) {
        room(rooms, row).rows().put(text(row.getBytes(2)), row.getBytes(3));
      }
    }
  }

  private static void alarms(Statement statement, Map<Long, RoomRows> rooms) throws SQLException {
    try (ResultSet row =
        statement.executeQuery("SELECT room, name, due, next, attempt, state FROM alarm")) {
      while (row.next()) {
        room(rooms, row)
            .alarms()
            .put(
                text(row.getBytes(2)),
                new RoomRows.AlarmAt(row.getLong(3), row.getLong(4), row.getInt(5), row.getInt(6)));
      }
    }
  }

  private static RoomRows room(Map<Long, RoomRows> rooms, ResultSet row) throws SQLException {
    RoomRows room = rooms.get(row.getLong(1));
    if (room == null) {
      throw new SQLException("a row of a room that is not there: " + row.getLong(1));
    }
    return room;
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }

  /// Whether rooms of a namespace have no rows below a prefix.
  public static boolean quiet(Path data, String namespace, String prefix)
      throws IOException, SQLException {
    return read(data).stream()
        .filter(room -> room.namespace().equals(namespace))
        .allMatch(room -> room.below(prefix).isEmpty());
  }

  /// Whether nothing is under way: no letter waits, no alarm of a saga is set, nobody remembers
  /// one, and no message that was read from a queue is unsettled.
  public static boolean quiet(Path data) throws IOException, SQLException {
    return quiet(data, true);
  }

  /// The same.
  ///
  /// @param forgotten whether nobody may remember a saga either
  public static boolean quiet(Path data, boolean forgotten) throws IOException, SQLException {
    for (Path file : of(data)) {
      try (Connection connection = open(file);
          Statement statement = connection.createStatement();
          ResultSet row =
              statement.executeQuery(
                  """
                  SELECT (SELECT count(*) FROM entry WHERE substr(key, 1, 10) = x'00736167612f6f75742f')
                    + (SELECT count(*) FROM entry WHERE substr(key, 1, 11) = x'0071756575652f6f75742f')
                    + (SELECT count(*) FROM entry JOIN room ON room.number = entry.room
                       WHERE room.namespace = '_queue' AND substr(key, 1, 2) IN (x'6d2f', x'782f'))
                    + (SELECT count(*) FROM alarm WHERE substr(name, 1, 11) = x'00736167612f736167612f')
                    + (SELECT count(*) * %d FROM entry
                       WHERE substr(key, 1, 11) = x'00736167612f706172742f')\
                  """
                      .formatted(forgotten ? 1 : 0))) {
        if (!row.next() || row.getLong(1) != 0) {
          return false;
        }
      }
    }
    return true;
  }
}
