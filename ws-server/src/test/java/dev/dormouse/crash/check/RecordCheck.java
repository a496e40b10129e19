package dev.dormouse.crash.check;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// What participants remember of steps, against what they did (A2): the two were one write set.
final class RecordCheck {
  private static final String PART = RoomRows.OURS + "part/";
  private static final String CALLED = RoomRows.OURS + "called/";
  private static final String OUTSIDE = "outside/";

  private RecordCheck() {}

  static void check(
      List<RoomRows> rooms,
      List<SagaBook> books,
      Effects effects,
      boolean quiet,
      boolean forgotten,
      List<Finding> findings) {
    Map<String, SagaBook> byOwner = new HashMap<>();
    books.forEach(book -> byOwner.put(book.owner().word() + "/" + book.id(), book));
    for (RoomRows room : rooms) {
      for (String key : room.below(PART)) {
        boolean outside = key.startsWith(OUTSIDE);
        String rest = outside ? room.word() + key.substring(OUTSIDE.length() - 1) : key;
        int slash = rest.lastIndexOf('/');
        int step = Integer.parseInt(rest.substring(slash + 1));
        SagaBook book = byOwner.get(rest.substring(0, slash));
        if (book == null) {
          findings.add(
              new Finding("I5", "%s remembers a saga that is not there: %s".formatted(room, key)));
          continue;
        }
        if (forgotten) {
          findings.add(
              new Finding("I6", "%s still remembers step %d of %s".formatted(room, step, book)));
        }
        JsonNode record = Rows.json(bytes(room, PART + key));
        Effects.Count count = effects.of(book.id(), book.names().getOrDefault(step, ""));
        if (!agree(record.path("record").asText(), outside, count)) {
          findings.add(
              new Finding(
                  "I1",
                  "%s says '%s' of step %d of %s, and %s"
                      .formatted(room, record.path("record").asText(), step, book, count)));
        }
      }
      if (quiet && !room.below(CALLED).isEmpty()) {
        findings.add(
            new Finding("I6", "%s still knows of calls: %s".formatted(room, room.below(CALLED))));
      }
    }
  }

  private static boolean agree(String record, boolean outside, Effects.Count count) {
    return switch (record) {
      // Begun, and to be answered later, is done as far as effects go.
      // What is outside may have taken it back already, and nobody knows.
      case "applied", "due" -> count.done().size() == 1 && (outside || count.undone().isEmpty());
      case "blocked" -> count.done().isEmpty() && count.undone().isEmpty();
      // What was refused late had begun; something outside may have found nothing to take back.
      case "refused", "reversed" -> count.stands() == 0;
      default -> false;
    };
  }

  private static byte[] bytes(RoomRows room, String key) {
    byte[] bytes = room.rows().get(key);
    return bytes == null ? new byte[0] : bytes;
  }
}
