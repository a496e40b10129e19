package dev.dormouse.saga.queue.node;

import dev.dormouse.room.RoomId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Which of the messages that rooms remember having acknowledged they may forget: told with the
/// next delivery. Kept in memory only; whatever is lost is forgotten by its age. Thread-safe.
final class Farewells {
  private static final int MOST = 20_000;

  private final Map<RoomId, List<String>> byRoom = new HashMap<>(); // guarded by this
  private int count; // guarded by this

  synchronized void add(RoomId room, List<String> keys) {
    if (!keys.isEmpty() && count < MOST) {
      byRoom.computeIfAbsent(room, _ -> new ArrayList<>()).addAll(keys);
      count += keys.size();
    }
  }

  synchronized List<String> take(RoomId room) {
    List<String> keys = byRoom.remove(room);
    if (keys == null) {
      return List.of();
    }
    count -= keys.size();
    return keys;
  }
}
