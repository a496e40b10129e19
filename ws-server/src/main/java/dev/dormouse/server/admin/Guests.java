package dev.dormouse.server.admin;

import dev.dormouse.hibernation.SocketTable;
import dev.dormouse.hibernation.Visit;
import dev.dormouse.room.CloseStatus;
import dev.dormouse.room.RoomId;

/// The connections of rooms, as far as an operator sees them. Looking wakes no room.
public interface Guests {

  /// How many there are, to all rooms.
  int count();

  /// At most `limit` of those of one room, with keys behind `after`.
  Visit.Page of(RoomId room, long after, int limit);

  /// Closes one; its room hears of it as of any end.
  ///
  /// @return false if the room has no such connection, or it is over already
  boolean close(RoomId room, long key, CloseStatus status);

  /// Those of a table.
  static Guests of(SocketTable sockets) {
    return new Guests() {
      @Override
      public int count() {
        return sockets.connections();
      }

      @Override
      public Visit.Page of(RoomId room, long after, int limit) {
        return sockets.visits(room, after, limit);
      }

      @Override
      public boolean close(RoomId room, long key, CloseStatus status) {
        return sockets.close(room, key, status);
      }
    };
  }
}
