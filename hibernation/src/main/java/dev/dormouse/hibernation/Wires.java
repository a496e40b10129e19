package dev.dormouse.hibernation;

import dev.dormouse.room.RoomId;
import java.util.function.Function;

/// Makes a wire anew of which only its number was kept ([Wire#pack]).
@FunctionalInterface
public interface Wires {

  /// The wire, at rest as it was. It is known to nobody before `socket` has returned, and to its
  /// socket's side from then on.
  ///
  /// @param key of the one connection that the socket carries
  /// @param socket makes the socket that the wire belongs to
  void unpack(int number, RoomId room, long key, Function<Wire, ClientSocket> socket);

  /// For wires that never pack.
  static Wires none() {
    return (number, room, _, _) -> {
      throw new IllegalStateException("the wire " + number + " of " + room + " was never packed");
    };
  }
}
