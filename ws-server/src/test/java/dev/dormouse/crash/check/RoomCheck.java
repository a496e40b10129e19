package dev.dormouse.crash.check;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/// The rooms' own rows: a version for each turn that changed them and for none else (I7), a saga
/// wherever one was asked for and none else (A1), seats as the journal says (I1).
final class RoomCheck {
  private static final String JOURNAL = "journal/";

  private RoomCheck() {}

  static void check(List<RoomRows> rooms, List<SagaBook> books, List<Finding> findings) {
    Map<String, List<SagaBook>> sagas = new HashMap<>();
    books.forEach(
        book -> sagas.computeIfAbsent(book.owner().word(), _ -> new ArrayList<>()).add(book));
    for (RoomRows room : rooms) {
      List<SagaBook> own = sagas.getOrDefault(room.word(), List.of());
      Set<String> asked = new HashSet<>(room.below("asked/"));
      Set<String> known = own.stream().map(SagaBook::id).collect(Collectors.toSet());
      if (!asked.equals(known)) {
        findings.add(
            new Finding("A1", "%s was asked for %s, has %s".formatted(room, asked, known)));
      }
      long turns =
          (long) asked.size()
              + room.below("swap/").size()
              + room.below("heard/").size()
              + room.below("parcel/").size()
              + room.below(JOURNAL).size()
              + room.text("batches").map(Integer::parseInt).orElse(0);
      // A group of consumers keeps its account in rows of its own.
      if (turns != room.version() && !room.namespace().startsWith("_")) {
        findings.add(
            new Finding(
                "I7", "%s is at version %d after %d turns".formatted(room, room.version(), turns)));
      }
      marks(room, own, findings);
      heard(room, own, findings);
      swaps(room, findings);
      seats(room, findings);
    }
  }

  /// Each saga is found by one mark, which says how far it is.
  private static void marks(RoomRows room, List<SagaBook> own, List<Finding> findings) {
    Set<String> marks = new TreeSet<>(room.below(RoomRows.MARKS));
    Set<String> needed = own.stream().map(SagaBook::mark).collect(Collectors.toSet());
    if (!marks.equals(needed)) {
      marks.removeIf(needed::remove);
      findings.add(
          new Finding("A1", "%s has the marks %s, and not %s".formatted(room, marks, needed)));
    }
  }

  /// What the room made of the news was the same write set.
  private static void heard(RoomRows room, List<SagaBook> own, List<Finding> findings) {
    for (SagaBook book : own) {
      String heard = room.text("heard/" + book.id()).orElse("");
      if (!heard.equals(book.ended() ? book.status() : "")) {
        findings.add(new Finding("A1", "%s: its owner heard '%s'".formatted(book, heard)));
      }
    }
  }

  /// No version is found twice, and none that there was not.
  private static void swaps(RoomRows room, List<Finding> findings) {
    for (String version : room.below("swap/")) {
      if (Long.parseLong(version) >= room.version()) {
        findings.add(new Finding("I7", "%s was swapped at version %s".formatted(room, version)));
      }
    }
  }

  private static void seats(RoomRows room, List<Finding> findings) {
    Map<String, Integer> held = new HashMap<>();
    int n = 0;
    for (String line : room.below(JOURNAL)) {
      n++;
      if (Integer.parseInt(line) != n) {
        findings.add(new Finding("I1", "the journal of %s has no line %d".formatted(room, n)));
        return;
      }
      String[] words = room.text(JOURNAL + line).orElse("").split(" ", -1);
      int seats =
          switch (words[0]) {
            case "do" -> 1;
            case "undo", "back" -> -1;
            default -> 0;
          };
      held.merge(words[2], seats, Integer::sum);
    }
    held.values().removeIf(count -> count == 0);
    Set<String> seated = new HashSet<>();
    room.below("seat/").forEach(seat -> seated.add(room.text("seat/" + seat).orElse("")));
    seated.addAll(room.below("any/"));
    if (!seated.equals(held.keySet())) {
      findings.add(
          new Finding("I1", "%s has seated %s, and its journal %s".formatted(room, seated, held)));
    }
  }
}
