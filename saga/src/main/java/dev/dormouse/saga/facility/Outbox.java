package dev.dormouse.saga.facility;

import dev.dormouse.room.RoomId;
import dev.dormouse.room.Storage;
import dev.dormouse.room.spi.FacilityRoom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A room's lanes, and the letters in them that wait: rows, and one alarm that rings while there
/// are any.
///
/// Each lane has a time of its own at which its letters are sent again, so one who takes nothing is
/// in nobody else's way. Lanes are kept for good, some hundred bytes for each room that was ever
/// written to: a number that came again would be taken for a letter that has been taken.
final class Outbox {
  /// The name of the alarm. It may ring once more when nothing waits any longer: to delete it with
  /// the last letter would cost each letter two rows.
  static final String ALARM = "relay";

  private static final String LANE = "lane/";
  private static final String OUTBOX = "out/";

  /// Behind all numbers.
  private static final String LAST = "~";

  private static final Duration PATIENCE = Duration.ofSeconds(2);

  /// By how many doublings the patience grows at most: to about a minute.
  private static final int MOST_DOUBLINGS = 5;

  private static final long LONGEST_PATIENCE = PATIENCE.toMillis() << MOST_DOUBLINGS;

  /// How many letters to one room are sent again at once: they are taken in order.
  private static final int WINDOW = 100;

  /// How many rows are looked at together, and how many are cut in one turn at most.
  private static final int PAGE = 200;

  private static final int MOST_CUT = 10_000;

  private final FacilityRoom room;
  private final Tally tally;
  private final Watch watch;

  Outbox(FacilityRoom room, Watch watch) {
    this.room = room;
    this.watch = watch;
    tally = new Tally(room);
  }

  /// A letter that waits.
  record Waiting(long number, Kept letter) {}

  /// The letters of a lane that are sent again.
  ///
  /// @param first the number of the first that is kept
  record Due(Lane lane, long first, List<Waiting> letters) {}

  // ---- lanes

  Lane lane(RoomId peer) {
    return room.get(LANE + Lane.word(peer))
        .map(bytes -> Lane.read(peer, bytes))
        .orElseGet(() -> Lane.none(peer));
  }

  void put(Lane lane) {
    room.put(LANE + Lane.word(lane.peer()), lane.bytes());
  }

  // ---- letters

  /// Keeps the next letter of a lane.
  ///
  /// @return the lane, with its number
  Lane add(RoomId to, Kept letter) {
    Lane lane = lane(to);
    long now = room.clock().millis();
    Lane next = lane.sent(lane.sent() + 1).kept(lane.kept() + (letter.untilTaken() ? 1 : 0));
    if (isDue(lane, now)) {
      // Nothing waits, or it is sent again in a moment.
      next = next.again(lane.rings(), now + PATIENCE.toMillis());
    }
    ringBy(next.due());
    put(next);
    room.put(key(Lane.word(to), next.sent()), letter.bytes());
    watch.letterSent(tally.letters(1));
    return next;
  }

  /// A time that is further away than any patience is one of a clock that was set back since.
  private static boolean isDue(Lane lane, long now) {
    return lane.due() <= now || lane.due() > now + LONGEST_PATIENCE;
  }

  private void ringBy(long due) {
    if (room.alarm(ALARM).orElse(Long.MAX_VALUE) > due) {
      room.setAlarm(ALARM, due);
    }
  }

  /// A command has been answered, or needs no answer.
  ///
  /// @return whether it waited still
  boolean settle(RoomId peer, long number) {
    String key = key(Lane.word(peer), number);
    if (room.get(key).isEmpty()) {
      return false;
    }
    room.delete(key);
    watch.lettersWait(tally.letters(-1));
    heard(peer);
    return true;
  }

  /// The other room has taken all letters up to `taken`: what waits for no answer is cut.
  Lane cut(RoomId peer, long taken) {
    Lane before = lane(peer);
    // More than was sent: this room's file is the older one. Its numbers go on behind.
    Lane lane = taken > before.sent() ? before.sent(taken) : before;
    if (!lane.equals(before)) {
      put(lane);
    }
    if (lane.kept() == 0) {
      return lane;
    }
    int gone = gone(peer, taken);
    if (gone > 0) {
      watch.lettersWait(tally.letters(-gone));
      put(lane.kept(Math.max(0, lane.kept() - gone)));
      heard(peer);
    }
    return lane(peer);
  }

  /// @return how many rows were deleted; those over the most one turn may delete go later
  private int gone(RoomId peer, long taken) {
    String below = OUTBOX + Lane.word(peer) + "/";
    int count = 0;
    boolean more = true;
    while (more && count < MOST_CUT) {
      List<Storage.Entry> gone =
          room.list(below, PAGE).stream()
              .filter(row -> number(row) <= taken && !Kept.isCommand(row.value()))
              .toList();
      gone.forEach(row -> room.delete(row.key()));
      count += gone.size();
      more = gone.size() == PAGE;
    }
    return count;
  }

  /// Something came of what was sent: the rest is waited for with the first patience again.
  private void heard(RoomId peer) {
    Lane lane = lane(peer);
    if (lane.rings() > 0) {
      Lane fresh = lane.again(0, room.clock().millis() + PATIENCE.toMillis());
      put(fresh);
      ringBy(fresh.due());
    }
  }

  /// The alarm rings; it is set again if anything waits.
  List<Due> ring() {
    long now = room.clock().millis();
    long next = Long.MAX_VALUE;
    List<Due> due = new ArrayList<>();
    Optional<String> word = waiting("");
    while (word.isPresent()) {
      Lane lane = lane(Lane.peer(word.get()));
      if (isDue(lane, now)) {
        due.add(due(lane, word.get()));
        lane = patient(lane, now);
      }
      next = Math.min(next, lane.due());
      word = waiting(OUTBOX + word.get() + "/" + LAST);
    }
    if (next < Long.MAX_VALUE) {
      room.setAlarm(ALARM, next);
    }
    if (!due.isEmpty()) {
      int again = due.stream().mapToInt(each -> each.letters().size()).sum();
      watch.lettersResent(again, tally.letters());
    }
    return due;
  }

  /// The next lane in which letters wait.
  private Optional<String> waiting(String after) {
    return room.list(OUTBOX, after, 1).stream()
        .map(row -> row.key().substring(OUTBOX.length(), row.key().lastIndexOf('/')))
        .findFirst();
  }

  private Due due(Lane lane, String word) {
    List<Waiting> letters =
        room.list(OUTBOX + word + "/", WINDOW).stream()
            .map(row -> new Waiting(number(row), Kept.read(row.value())))
            .toList();
    return new Due(lane, letters.getFirst().number(), letters);
  }

  private Lane patient(Lane lane, long now) {
    int rings = lane.rings() + 1;
    long patience = PATIENCE.toMillis() << Math.min(rings, MOST_DOUBLINGS);
    Lane patient = lane.again(rings, now + patience);
    put(patient);
    return patient;
  }

  private static long number(Storage.Entry row) {
    return Long.parseLong(row.key().substring(row.key().lastIndexOf('/') + 1));
  }

  /// Sorts by number within a lane.
  private static String key(String word, long number) {
    String digits = Long.toString(number);
    return OUTBOX + word + "/" + "0".repeat(19 - digits.length()) + digits;
  }
}
