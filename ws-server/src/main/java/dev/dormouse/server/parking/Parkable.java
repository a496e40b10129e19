package dev.dormouse.server.parking;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// A connection that can leave its socket to something smaller while it is at rest.
public interface Parkable {

  /// Sees the bytes that are about to be handed to it, in order. They stay as they are.
  void handed(ByteBuffer bytes);

  /// Leaves, if nothing is half done, by [ParkingEndPoint#detach]; on the loop's thread. Neither
  /// connection nor endpoint is used afterwards.
  ///
  /// @return what has the socket from now on; null if this is not the moment
  @Nullable Parked park(ParkingEndPoint endPoint);
}
