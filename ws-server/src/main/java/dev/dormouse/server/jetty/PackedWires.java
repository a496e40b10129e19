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
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import org.eclipse.jetty.io.Connection;
import org.jspecify.annotations.Nullable;

/// Stands in every berth whose [ParkableWire] was packed, one for all of them: the berth's number
/// is all that is left of each. Whoever comes to such a berth has the wire made anew.
///
/// Safe for any thread. The connector decides who has a berth, one hand-over at a time; the table
/// decides whether it is packed.
final class PackedWires implements Wires, Parked {
  /// How often it is waited a millisecond for a wire that is just being packed, which takes a few
  /// microseconds of a thread that waits for nothing.
  private static final int PATIENCE = 5_000;

  private static final int SPINS = 1_000;

  private final SocketTable table;
  private final ParkingConnector connector;
  private final int patience;

  /// The most bytes that a message may have, by namespace: the only thing of a wire that its number
  /// does not tell.
  private final Map<String, Integer> messageBytes = new ConcurrentHashMap<>();

  /// Set once, before the first wire is packed.
  private @Nullable ParkingPlace place;

  PackedWires(SocketTable table, ParkingConnector connector) {
    this(table, connector, PATIENCE);
  }

  PackedWires(SocketTable table, ParkingConnector connector, int patience) {
    this.table = table;
    this.connector = connector;
    this.patience = patience;
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

  /// The wire, made anew. Ends: nobody but this thread gives the berth to an endpoint, and whoever
  /// packs leaves it either in the table, which knows it then, or with its wire. This itself comes
  /// back only for a berth that was lost, by a defect or for want of memory; its socket is closed.
  @Override
  public Parked here(int berth) {
    for (int i = 0; i < SPINS + patience; i++) {
      table.unpack(berth);
      Parked now = connector.parkedAt(berth);
      if (now != null && now != this) {
        return now;
      }
      if (i < SPINS) {
        Thread.onSpinWait();
      } else {
        LockSupport.parkNanos(1_000_000);
      }
    }
    return this;
  }

  @Override
  public After attend(Incoming incoming) {
    return After.AWAKE;
  }

  /// Fails, so that the socket is closed.
  @Override
  public Connection wake(ParkingEndPoint endPoint) {
    throw new IllegalStateException("of a packed wire nothing is known any more");
  }

  @Override
  public void cut(Throwable cause) {
    // Nobody knows whom to tell.
  }
}
