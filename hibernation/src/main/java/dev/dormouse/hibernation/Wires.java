package dev.dormouse.hibernation;

import dev.dormouse.room.RoomId;
import java.net.SocketAddress;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Makes a wire anew of which only its number was kept ([Wire#pack]).
@FunctionalInterface
public interface Wires {

  /// The wire, at rest as it was. It is known to nobody before `socket` has returned, and to its
  /// socket's side from then on.
  ///
  /// @param key of the one connection that the socket carries
  /// @param socket makes the socket that the wire belongs to
  void unpack(int number, RoomId room, long key, Function<Wire, ClientSocket> socket);

  /// As [Wire#peer], of one that is packed, and is not unpacked meanwhile.
  default @Nullable SocketAddress peer(int number) {
    return null;
  }

  /// For wires that never pack.
  static Wires none() {
    return (number, room, _, _) -> {
      throw new IllegalStateException("the wire " + number + " of " + room + " was never packed");
    };
  }
}
