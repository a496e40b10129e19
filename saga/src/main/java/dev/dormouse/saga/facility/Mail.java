package dev.dormouse.saga.facility;

import dev.dormouse.room.RoomId;
import dev.dormouse.room.Storage;
import dev.dormouse.room.spi.FacilityRoom;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Carries letters between this room and others: each is taken once and in order, or its sender
/// keeps it and sends it again.
///
/// A letter is a row of its sender's *outbox*, written in the turn that causes it, and goes out
/// when that is durable. Its receiver takes it in a turn that notes its number too (the *inbox*),
/// and says so when that is durable, with a letter of its own or by a receipt; then the row is cut.
/// As long as there are rows to a room an alarm guards them, one for each such room, so that one
/// who takes nothing is in nobody else's way: whatever is lost on the way, or with a process, is
/// sent again when it rings. So a room may sleep with letters on their way.
///
/// Lanes are kept for good, some hundred bytes for each room that was ever written to: a number
/// that came again would be taken for a letter that has been taken.
final class Mail {
  /// Begins the names of guards.
  private static final String GUARD = "relay/";

  private static final String LANE = "lane/";
  private static final String OUTBOX = "out/";

  /// Letters that nobody here can read.
  private static final String UNREAD = "unread/";

  private static final int MOST_UNREAD = 100;
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  /// By how many doublings the patience grows at most: to about a minute.
  private static final int MOST_DOUBLINGS = 5;

  /// How many letters to one room are sent again at once: they are taken in order.
  private static final int WINDOW = 100;

  /// How many rows are looked at together, and how many are cut in one turn at most.
  private static final int PAGE = 200;

  private static final int MOST_CUT = 10_000;

  private final FacilityRoom room;
  private final Tally tally;
  private final Watch watch;

  Mail(FacilityRoom room, Watch watch) {
    this.room = room;
    this.watch = watch;
    tally = new Tally(room);
  }

  /// What is done about a letter.
  interface Reader {
    /// @param number the letter's in its lane; 0 if it has none
    void read(Letter letter, long number) throws Exception;
  }

  // ---- sending

  /// Writes a letter, which leaves once the turn is durable.
  void send(RoomId to, Letter letter) {
    Lane lane = lane(to);
    long number = lane.sent() + 1;
    byte[] bytes = letter.bytes();
    put(lane.sent(number));
    room.put(outbox(to, number), bytes);
    watch.letterSent(tally.letters(1));
    if (!room.hasAlarm(GUARD + Lane.word(to))) {
      guard(lane);
    }
    post(lane, number, 0, bytes);
  }

  private void guard(Lane lane) {
    long patience = PATIENCE.toMillis() << Math.min(lane.rings(), MOST_DOUBLINGS);
    room.setAlarm(GUARD + Lane.word(lane.peer()), room.clock().millis() + patience);
  }

  private void post(Lane lane, long number, long first, byte[] letter) {
    post(lane.peer(), new Envelope(number, lane.taken(), first, letter));
  }

  private void post(RoomId to, Envelope envelope) {
    byte[] bytes = envelope.bytes();
    // Whether it arrives is learnt from the receipt.
    room.whenDurable(() -> {
      var _ = room.post(to, bytes);
    });
  }

  /// A guard rings.
  ///
  /// @param alarm its name
  void ring(String alarm) {
    if (!alarm.startsWith(GUARD)) {
      throw new IllegalArgumentException("not an alarm of sagas: '" + alarm + "'");
    }
    String word = alarm.substring(GUARD.length());
    List<Storage.Entry> rows = room.list(OUTBOX + word + "/", WINDOW);
    if (rows.isEmpty()) {
      return;
    }
    Lane lane = lane(word);
    long first = number(rows.getFirst());
    for (Storage.Entry row : rows) {
      post(lane, number(row), first, row.value());
    }
    Lane rung = lane.rings(lane.rings() + 1);
    put(rung);
    guard(rung);
    watch.lettersResent(rows.size(), tally.letters());
  }

  // ---- taking

  /// What is in a message; null if that is a receipt only, or cannot be read.
  @Nullable Letter letter(byte[] message) {
    byte[] letter = Envelope.read(message).letter();
    return letter.length == 0 ? null : read(letter);
  }

  private static @Nullable Letter read(byte[] letter) {
    try {
      return Letter.read(letter);
    } catch (RuntimeException damaged) {
      // Or of a later format, and a process from before it runs here again.
      return null;
    }
  }

  /// Opens what another room has sent, and has `reader` read the letter in it if it is the next.
  /// One that cannot be read is put aside: whoever sent it asks again if it matters.
  void take(RoomId from, byte[] message, Reader reader) throws Exception {
    Envelope envelope = Envelope.read(message);
    if (envelope.isNote()) {
      reader.read(Letter.read(envelope.letter()), 0);
      return;
    }
    Lane lane = known(cut(from, envelope.taken()), envelope.first());
    if (envelope.number() == 0 || envelope.number() > lane.taken() + 1) {
      // A receipt; or one before was lost, and its sender will send both again.
      return;
    }
    boolean next = envelope.number() == lane.taken() + 1;
    if (next) {
      put(lane.taken(envelope.number()));
      Letter letter = read(envelope.letter());
      if (letter == null) {
        putAside(from, envelope);
      } else {
        reader.read(letter, envelope.number());
      }
    }
    Lane after = lane(from);
    if (after.sent() == lane.sent()) {
      post(from, Envelope.receipt(after.taken()));
    }
  }

  /// A sender only cuts what was taken; if letters are missing here, this room's file is older than
  /// the sender's, restored from a backup, say. They are gone, and must not hold up the others.
  private Lane known(Lane lane, long first) {
    if (first <= lane.taken() + 1) {
      return lane;
    }
    Lane later = lane.taken(first - 1);
    put(later);
    return later;
  }

  private void putAside(RoomId from, Envelope envelope) {
    if (room.list(UNREAD, MOST_UNREAD).size() < MOST_UNREAD) {
      String key = UNREAD + Lane.word(from) + "/" + "%019d".formatted(envelope.number());
      room.put(key, envelope.letter());
    }
  }

  /// The other room has taken all letters up to `taken`.
  private Lane cut(RoomId peer, long taken) {
    Lane before = lane(peer);
    // More than was sent: this room's file is the older one. Its numbers go on behind.
    Lane lane = taken > before.sent() ? before.sent(taken) : before;
    int count = gone(peer, taken);
    if (count > 0) {
      watch.lettersWait(tally.letters(-count));
      lane = lane.rings(0);
      if (room.list(OUTBOX + Lane.word(peer) + "/", 1).isEmpty()) {
        room.deleteAlarm(GUARD + Lane.word(peer));
      }
    }
    if (!lane.equals(before)) {
      put(lane);
    }
    return lane;
  }

  /// @return how many rows were deleted; those over the most one turn may delete go later
  private int gone(RoomId peer, long taken) {
    int count = 0;
    boolean more = true;
    while (more && count < MOST_CUT) {
      List<Storage.Entry> page = room.list(OUTBOX + Lane.word(peer) + "/", PAGE);
      List<Storage.Entry> gone = page.stream().filter(row -> number(row) <= taken).toList();
      gone.forEach(row -> room.delete(row.key()));
      count += gone.size();
      more = gone.size() == PAGE;
    }
    return count;
  }

  private static long number(Storage.Entry row) {
    return Long.parseLong(row.key().substring(row.key().lastIndexOf('/') + 1));
  }

  // ---- rows

  private Lane lane(RoomId peer) {
    String word = Lane.word(peer);
    return room.get(LANE + word)
        .map(bytes -> Lane.read(word, bytes))
        .map(lane -> peer.name().isPresent() ? lane.peer(peer) : lane)
        .orElse(new Lane(peer, 0, 0, 0));
  }

  private Lane lane(String word) {
    return room.get(LANE + word)
        .map(bytes -> Lane.read(word, bytes))
        .orElseThrow(() -> new IllegalStateException("an outbox without a lane: " + word));
  }

  private void put(Lane lane) {
    room.put(LANE + Lane.word(lane.peer()), lane.bytes());
  }

  /// Sorts by number within a lane.
  private static String outbox(RoomId to, long number) {
    return OUTBOX + Lane.word(to) + "/" + "%019d".formatted(number);
  }
}
