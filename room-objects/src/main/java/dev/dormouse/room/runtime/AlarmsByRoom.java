package dev.dormouse.room.runtime;

import dev.dormouse.room.RoomId;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Names of alarms, kept together by their rooms, in the order in which the rooms were first named.
/// Not thread-safe.
final class AlarmsByRoom {
  private final Map<RoomId, Set<String>> rooms = new LinkedHashMap<>();
  private int alarms;

  /// All of one room's.
  record Room(RoomId id, Set<String> alarms) {}

  /// False if it is there already.
  boolean add(RoomId room, String alarm) {
    // Most rooms have one, for which a set of its own would be the largest part of the cost.
    Set<String> names = rooms.putIfAbsent(room, Set.of(alarm));
    if (names == null) {
      alarms++;
      return true;
    }
    if (names.contains(alarm)) {
      return false;
    }
    alarms++;
    if (names.size() == 1) {
      names = new LinkedHashSet<>(names);
      rooms.put(room, names);
    }
    return names.add(alarm);
  }

  boolean contains(RoomId room, String alarm) {
    Set<String> names = rooms.get(room);
    return names != null && names.contains(alarm);
  }

  /// Whether there is any of the room's.
  boolean has(RoomId room) {
    return rooms.containsKey(room);
  }

  void remove(RoomId room, String alarm) {
    Set<String> names = rooms.get(room);
    if (names == null || !names.contains(alarm)) {
      return;
    }
    alarms--;
    switch (names.size()) {
      case 1 -> rooms.remove(room);
      case 2 -> {
        names.remove(alarm);
        rooms.put(room, Set.copyOf(names));
      }
      default -> names.remove(alarm);
    }
  }

  /// Takes the first room out; null if there is none.
  @Nullable Room poll() {
    Iterator<Map.Entry<RoomId, Set<String>>> all = rooms.entrySet().iterator();
    if (!all.hasNext()) {
      return null;
    }
    Map.Entry<RoomId, Set<String>> first = all.next();
    Room room = new Room(first.getKey(), first.getValue());
    all.remove();
    alarms -= room.alarms.size();
    return room;
  }

  int rooms() {
    return rooms.size();
  }

  int alarms() {
    return alarms;
  }
}
