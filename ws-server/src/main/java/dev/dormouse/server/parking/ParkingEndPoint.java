package dev.dormouse.server.parking;

import org.eclipse.jetty.io.EndPoint;
import org.jspecify.annotations.Nullable;

/// Jetty's end of a socket that can go on without it.
public interface ParkingEndPoint extends EndPoint {

  /// What [#detach] answers when it cannot be.
  int NOWHERE = -1;

  /// Gives the socket up without closing it, unless it is closed or being used; on the loop's
  /// thread. This endpoint is of no use afterwards.
  ///
  /// @return the berth that it has from now on, or [#NOWHERE]
  int detach();

  /// Sends these bytes before any others; for a connection that has just been woken, on the loop's
  /// thread.
  ///
  /// @param then runs when they have been sent or never will be
  void sendFirst(byte[] bytes, Runnable then);

  /// How many bytes the socket has taken so far, be it read or not.
  long sent();

  /// The end of a socket that is inside of `outer`, which may be TLS; null if it is another's.
  static @Nullable ParkingEndPoint within(EndPoint outer) {
    EndPoint inner = outer instanceof EndPoint.Wrapper wrapper ? wrapper.unwrap() : outer;
    return inner instanceof ParkingEndPoint parking ? parking : null;
  }

  /// Notes the tick of a use.
  void used();

  /// The tick of the last use.
  int lastUsed();
}
