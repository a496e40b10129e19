package dev.dormouse.hibernation;

import dev.dormouse.room.RoomId;
import dev.dormouse.room.spi.Event;
import dev.dormouse.room.spi.Sockets.Intake;

/// Where events go: the room side.
@FunctionalInterface
public interface Inlet {

  /// Hands over an event; never blocks for long.
  ///
  /// @throws dev.dormouse.room.RoomException if the room side takes no events any more
  Intake post(RoomId room, Event event);
}
