package dev.dormouse.rooms.bench;

import dev.dormouse.room.RoomId;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/// How often rooms were built in this process: shows when a room slept, or was thrown away.
///
/// Safe for several threads.
final class Builds {
  private final LongAdder total = new LongAdder();
  private final Map<RoomId, Long> byRoom = new ConcurrentHashMap<>();

  void built(RoomId room) {
    total.increment();
    byRoom.merge(room, 1L, Long::sum);
  }

  long of(RoomId room) {
    return byRoom.getOrDefault(room, 0L);
  }

  long total() {
    return total.sum();
  }
}
