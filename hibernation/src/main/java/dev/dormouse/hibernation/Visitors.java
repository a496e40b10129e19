package dev.dormouse.hibernation;

import dev.dormouse.hibernation.Dormitory.Sleeper;
import dev.dormouse.room.CloseStatus;
import dev.dormouse.room.RoomId;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// A look at the connections of one room for an operator, which changes nothing about them: those
/// that are packed stay so.
final class Visitors {
  private final SocketTable table;
  private final Audiences audiences;

  /// All that are not packed, by their keys.
  private final Map<Long, OpenConnection> connections;

  Visitors(SocketTable table, Audiences audiences, Map<Long, OpenConnection> connections) {
    this.table = table;
    this.audiences = audiences;
    this.connections = connections;
  }

  /// In the order of their keys. Goes through all connections that are not packed.
  List<Visit> of(RoomId room) {
    Map<Long, Visit> seen = new TreeMap<>();
    add(seen, audiences.packed(room, this::look));
    for (OpenConnection each : connections.values()) {
      if (each.room.equals(room)) {
        seen.putIfAbsent(each.key, look(each));
      }
    }
    // They may have been packed since the first look.
    add(seen, audiences.packed(room, this::look));
    return List.copyOf(seen.values());
  }

  private static void add(Map<Long, Visit> seen, Collection<Visit> more) {
    more.forEach(visit -> seen.put(visit.key(), visit));
  }

  private Visit look(Sleeper sleeper) {
    return new Visit(
        sleeper.key(),
        sleeper.tags(),
        Integer.toUnsignedLong(sleeper.openedAt()),
        true,
        sleeper.reader(),
        false,
        table.wires().peer(sleeper.number()));
  }

  private static Visit look(OpenConnection connection) {
    return new Visit(
        connection.key,
        connection.tags,
        Integer.toUnsignedLong(connection.openedAt),
        connection.socket.isParked(),
        connection.reader,
        connection.shut,
        connection.socket.peer());
  }

  /// Closes one; its room hears of it as of any end.
  ///
  /// @return false if the room has no such connection, or it is over already
  boolean close(RoomId room, long key, CloseStatus status) {
    // So that it is not packed meanwhile.
    Audience audience = audiences.enter(room);
    if (audience == null) {
      return false;
    }
    try {
      OpenConnection there = connections.get(key);
      if (there == null || there.shut || !there.room.equals(room)) {
        return false;
      }
      there.socket.close(there, status);
      return true;
    } finally {
      audience.exit();
    }
  }
}
