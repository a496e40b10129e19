package dev.dormouse.server.jetty;

import dev.dormouse.hibernation.ClientSocket;
import dev.dormouse.hibernation.SocketTable;
import dev.dormouse.hibernation.Wire;
import dev.dormouse.hibernation.Wires;
import dev.dormouse.room.RoomId;
import dev.dormouse.server.parking.Incoming;
import dev.dormouse.server.parking.Parked;
import dev.dormouse.server.parking.ParkingConnector;
import dev.dormouse.server.parking.ParkingEndPoint;
import java.net.SocketAddress;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.eclipse.jetty.io.Connection;
import org.jspecify.annotations.Nullable;

/// Stands in every berth whose [ParkableWire] was packed, one for all of them: the berth's number
/// is all that is left of each. Whoever comes to such a berth has the wire made anew.
///
/// Safe for any thread. The connector decides who has a berth, one hand-over at a time; the table
/// decides whether it is packed.
final class PackedWires implements Wires, Parked {
  private final SocketTable table;
  private final ParkingConnector connector;

  /// The most bytes that a message may have, by namespace: the only thing of a wire that its number
  /// does not tell.
  private final Map<String, Integer> messageBytes = new ConcurrentHashMap<>();

  /// Set once, before the first wire is packed.
  private @Nullable ParkingPlace place;

  PackedWires(SocketTable table, ParkingConnector connector) {
    this.table = table;
    this.connector = connector;
  }

  /// Says where its wires are parked.
  void belongTo(ParkingPlace to) {
    place = to;
    table.unpackBy(this);
  }

  /// Remembers what is needed to make a wire of the namespace anew.
  void knows(String namespace, int bytes) {
    messageBytes.putIfAbsent(namespace, bytes);
  }

  @Override
  public void unpack(int number, RoomId room, long key, Function<Wire, ClientSocket> socket) {
    Integer bytes = messageBytes.get(room.namespace());
    ParkingPlace to = place;
    if (bytes == null || to == null) {
      throw new IllegalStateException("no wire of " + room + " was ever packed");
    }
    ParkableWire wire = new ParkableWire(to, bytes);
    wire.comesBack(socket.apply(wire), key, number);
    if (!connector.hand(number, this, wire)) {
      throw new IllegalStateException("the berth of a packed wire of " + room + " is another's");
    }
  }

  @Override
  public @Nullable SocketAddress peer(int number) {
    return connector.peer(number);
  }

  @Override
  public Parked here(int berth) {
    while (true) {
      table.unpack(berth);
      Parked now = connector.parkedAt(berth);
      if (now != null && now != this) {
        return now;
      }
      // It is just being packed.
      Thread.onSpinWait();
    }
  }

  @Override
  public After attend(Incoming incoming) {
    throw notHere();
  }

  @Override
  public Connection wake(ParkingEndPoint endPoint) {
    throw notHere();
  }

  @Override
  public void cut(Throwable cause) {
    throw notHere();
  }

  private static IllegalStateException notHere() {
    return new IllegalStateException("a packed wire is asked that is not there");
  }
}
