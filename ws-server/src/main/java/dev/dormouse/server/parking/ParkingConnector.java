package dev.dormouse.server.parking;

import java.net.SocketAddress;
import org.eclipse.jetty.server.Connector;
import org.jspecify.annotations.Nullable;

/// A connector whose idle connections can leave Jetty while their sockets stay open.
///
/// A parked socket is known by a number, its *berth*, from [ParkingEndPoint#detach] until
/// [Parked#wake] has been called; so whoever is parked needs a lock that its wake takes, and under
/// it uses the number only while it is parked. What the number means is the connector's business.
public interface ParkingConnector extends Connector {

  /// Whether connections are ever parked.
  boolean parks();

  /// Sends bytes on a parked socket, past Jetty. Does not block.
  ///
  /// @return how many were taken; -1 if the socket is broken
  int send(int berth, byte[] bytes);

  /// Has a parked socket come back, if it has not begun to; for any thread.
  void wake(int berth, Parked left);

  /// Puts another in the place of a parked one; for any thread, and under the lock that a wake of
  /// the one takes.
  ///
  /// @return false if the berth has been given to somebody else
  boolean hand(int berth, Parked from, Parked to);

  /// Who is parked there; null if nobody is.
  @Nullable Parked parkedAt(int berth);

  /// Where a parked socket comes from; null if nobody is parked there, or it is gone.
  @Nullable SocketAddress peer(int berth);

  /// How many connections are parked now.
  int parked();

  /// How often a parked connection came back, in all.
  long wakes();
}
