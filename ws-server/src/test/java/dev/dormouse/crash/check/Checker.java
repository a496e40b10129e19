package dev.dormouse.crash.check;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Says what is wrong with what a server has left, or has at the moment, on its disk.
///
/// By itself: `Checker <data folder> [ledger file]`; it exits with 1 if it finds anything.
public final class Checker {
  private Checker() {}

  public static void main(String[] arguments) throws Exception {
    Path data = Path.of(arguments[0]);
    Path ledger = arguments.length > 1 ? Path.of(arguments[1]) : data.resolve("ledger");
    List<Finding> findings = check(data, data.resolve("queues"), ledger, Promises.NONE, false);
    findings.forEach(System.out::println);
    if (!findings.isEmpty()) {
      System.exit(1);
    }
  }

  /// @param logs the folder of the queues' logs; need not exist
  /// @param ledger of the services outside; need not exist
  /// @param quiet whether nothing may be under way any more
  public static List<Finding> check(
      Path data, Path logs, Path ledger, Promises promises, boolean quiet)
      throws IOException, SQLException {
    return check(data, logs, ledger, promises, quiet, quiet);
  }

  /// The same.
  ///
  /// @param forgotten whether nobody may remember a saga that has ended any more either
  public static List<Finding> check(
      Path data, Path logs, Path ledger, Promises promises, boolean quiet, boolean forgotten)
      throws IOException, SQLException {
    List<RoomRows> rooms = ShardFiles.read(data);
    // Afterwards: a service may have done what its caller does not know yet, never the reverse.
    Effects effects = Effects.of(rooms, ledger);
    List<Finding> findings = new ArrayList<>();
    List<SagaBook> books = new ArrayList<>();
    for (RoomRows room : rooms) {
      try {
        books.addAll(SagaBook.of(room));
      } catch (IllegalArgumentException damaged) {
        findings.add(new Finding("A1", "%s: %s".formatted(room, damaged.getMessage())));
      }
    }
    books.forEach(book -> SagaCheck.check(book, effects, quiet, findings));
    RecordCheck.check(rooms, books, effects, quiet, forgotten, findings);
    LaneCheck.check(rooms, quiet, findings);
    QueueCheck.check(rooms, logs, quiet, findings);
    RoomCheck.check(rooms, books, findings);
    PromiseCheck.check(rooms, books, promises, findings);
    return findings;
  }

  /// Whether all that was sent to the queue has come to something.
  public static boolean settled(Path data, Path logs) throws IOException, SQLException {
    return QueueCheck.settled(ShardFiles.read(data), logs);
  }

  /// How much there is.
  ///
  /// @param ended how many of the sagas have
  /// @param messages how many were sent to the queue
  public record Counts(int sagas, int ended, int messages) {}

  public static Counts counts(Path data) throws IOException, SQLException {
    int sagas = 0;
    int ended = 0;
    int messages = 0;
    for (RoomRows room : ShardFiles.read(data)) {
      List<SagaBook> books = SagaBook.of(room);
      sagas += books.size();
      ended += (int) books.stream().filter(SagaBook::ended).count();
      messages += room.below("parcel/").size();
    }
    return new Counts(sagas, ended, messages);
  }

  /// How often each transition was made, by all sagas together.
  public static Map<String, Integer> transitions(Path data) throws IOException, SQLException {
    Map<String, Integer> made = new TreeMap<>();
    for (RoomRows room : ShardFiles.read(data)) {
      SagaBook.of(room)
          .forEach(
              book -> book.lines().forEach(line -> made.merge(line.transition(), 1, Integer::sum)));
    }
    return made;
  }

  /// How far each saga is, by its id.
  public static Map<String, String> statuses(Path data) throws IOException, SQLException {
    Map<String, String> statuses = new TreeMap<>();
    for (RoomRows room : ShardFiles.read(data)) {
      SagaBook.of(room).forEach(book -> statuses.put(book.id(), book.status()));
    }
    return statuses;
  }
}
