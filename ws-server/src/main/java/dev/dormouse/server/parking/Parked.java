package dev.dormouse.server.parking;

import org.eclipse.jetty.io.Connection;

/// What has a socket that no endpoint has. All methods are called on the loop's thread, or when it
/// has ended.
public interface Parked {

  /// Who has the socket in truth, if it is only said to be this; to be asked before all else.
  ///
  /// @param berth the socket's
  default Parked here(int berth) {
    return this;
  }

  /// What a parked connection is to be after something came for it.
  enum After {
    /// Parked as before; it waits for the next event.
    PARKED,
    /// Parked, but there may be more: to be asked again when others have had their turn.
    PARKED_WITH_MORE,
    /// Awake: what has come is not for it to see to.
    AWAKE
  }

  /// The client may have said something: sees to as much of it as it can by itself. A bounded
  /// amount at a time, so that a client that never stops does not keep others waiting.
  After attend(Incoming incoming);

  /// Makes a connection on a new endpoint, which is opened next. There may be something to read.
  /// The berth is somebody else's from the return on.
  Connection wake(ParkingEndPoint endPoint);

  /// Could not be woken, or the server ends; the socket is closed next.
  void cut(Throwable cause);
}
