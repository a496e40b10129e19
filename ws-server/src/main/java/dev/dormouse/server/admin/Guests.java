package dev.dormouse.server.admin;

import dev.dormouse.hibernation.SocketTable;
import dev.dormouse.hibernation.Visit;
import dev.dormouse.room.CloseStatus;
import dev.dormouse.room.RoomId;
import java.util.List;

/// The connections of rooms, as far as an operator sees them. Looking wakes no room.
public interface Guests {

  /// How many there are, to all rooms.
  int count();

  /// Those of one room, in the order of their keys.
  List<Visit> of(RoomId room);

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
      public List<Visit> of(RoomId room) {
        return sockets.visits(room);
      }

      @Override
      public boolean close(RoomId room, long key, CloseStatus status) {
        return sockets.close(room, key, status);
      }
    };
  }
}
