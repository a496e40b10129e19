package dev.dormouse.saga.facility;

import dev.dormouse.room.RoomException;
import dev.dormouse.room.RoomException.RoomReset;
import dev.dormouse.room.RoomId;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/// How often in a row somebody's code threw at one thing, in this process: what undoes turns and
/// ends incarnations cannot be counted in either. Thread-safe.
final class Strikes {
  /// What throws is rare; that many at once are a disaster in which counting matters little.
  private static final int KEPT = 10_000;

  private final ConcurrentMap<Key, Integer> counts = new ConcurrentHashMap<>();

  private record Key(RoomId room, String what) {}

  /// Notes a throw, unless it was nobody's fault here and may go better.
  void add(RoomId room, String what, Throwable thrown) {
    if (blames(thrown)) {
      if (counts.size() >= KEPT) {
        counts.clear();
      }
      counts.merge(new Key(room, what), 1, Integer::sum);
    }
  }

  /// @param most how many throws in a row are borne with
  boolean out(RoomId room, String what, int most) {
    return counts.getOrDefault(new Key(room, what), 0) >= most;
  }

  void clear(RoomId room, String what) {
    counts.remove(new Key(room, what));
  }

  private static boolean blames(Throwable thrown) {
    return switch (thrown) {
      case RoomReset reset ->
          switch (reset.reason()) {
            case HANDLER_THREW, ABORTED, OVER_LIMIT -> true;
            case COMMIT_FAILED, STOPPING, ASLEEP, BACKING_OFF -> false;
          };
      case RoomException known -> !known.retryable();
      default -> true;
    };
  }
}
