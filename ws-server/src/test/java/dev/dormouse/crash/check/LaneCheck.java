package dev.dormouse.crash.check;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/// Letters between rooms: none is taken that was not written (I5), none that is not taken is gone,
/// and somebody looks after each (I6).
final class LaneCheck {
  private static final String LANE = RoomRows.OURS + "lane/";
  private static final String OUT = RoomRows.OURS + "out/";
  private static final String GUARD = RoomRows.OURS + "relay";

  private LaneCheck() {}

  static void check(List<RoomRows> rooms, boolean quiet, List<Finding> findings) {
    Map<String, RoomRows> byWord = new HashMap<>();
    rooms.forEach(room -> byWord.put(room.word(), room));
    for (RoomRows room : rooms) {
      guard(room, quiet, findings);
      TreeMap<String, @Nullable Object> peers = new TreeMap<>();
      room.below(LANE).forEach(word -> peers.put(word, null));
      room.below(OUT).forEach(key -> peers.put(key.substring(0, key.indexOf('/')), null));
      for (String word : peers.keySet()) {
        RoomRows peer = byWord.get(word);
        Rows.Lane mine = lane(room, word);
        Rows.Lane theirs = peer == null ? Rows.Lane.NONE : lane(peer, room.word());
        letters(room, word, mine.sent(), theirs.taken(), findings);
      }
    }
  }

  private static Rows.Lane lane(RoomRows room, String peer) {
    byte[] row = room.rows().get(LANE + peer);
    return row == null ? Rows.Lane.NONE : Rows.Lane.read(row);
  }

  private static void guard(RoomRows room, boolean quiet, List<Finding> findings) {
    boolean waits = !room.below(OUT).isEmpty();
    RoomRows.AlarmAt guard = room.alarms().get(GUARD);
    if (waits && (guard == null || guard.state() != 0)) {
      findings.add(
          new Finding("I6", "%s has letters and no guard: %s".formatted(room, room.below(OUT))));
    }
    if (quiet && waits) {
      findings.add(new Finding("I6", "%s still has letters: %s".formatted(room, room.below(OUT))));
    }
    for (String key : room.below(OUT)) {
      try {
        Rows.Letter.read(room.rows().getOrDefault(OUT + key, new byte[2]));
      } catch (RuntimeException damaged) {
        findings.add(new Finding("I6", "%s has a damaged letter: %s".formatted(room, key)));
      }
    }
  }

  private static void letters(
      RoomRows room, String word, long sent, long taken, List<Finding> findings) {
    if (taken > sent) {
      findings.add(
          new Finding(
              "I5",
              "%s has written %d letters to %s, which took %d".formatted(room, sent, word, taken)));
      return;
    }
    // Those that were taken may wait for an answer, or are about to be cut.
    List<Long> waiting =
        room.below(OUT + word + "/").stream()
            .map(Long::valueOf)
            .filter(number -> number > taken)
            .toList();
    if (!waiting.equals(LongStream.rangeClosed(taken + 1, sent).boxed().toList())) {
      findings.add(
          new Finding(
              "I6",
              "%s to %s: %d were written, %d taken, and %s wait"
                  .formatted(room, word, sent, taken, waiting)));
    }
  }
}
