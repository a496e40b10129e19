package dev.dormouse.server.parking;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// What has come from the client of a parked socket: it is looked at first, and taken only by who
/// knows what to do with it. For the loop's thread.
public interface Incoming {

  /// Looks at what is there, up to a limit, and leaves it there. The bytes are valid until the next
  /// look.
  ///
  /// @return empty if nothing is there now; null if the stream has ended or is broken
  @Nullable ByteBuffer look();

  /// Whether the last look showed as much as it can, so that there may be more.
  boolean full();

  /// Takes away that many of the bytes at the front, which must have been looked at.
  ///
  /// @return false if the socket is broken; what was left of them is lost, and reading finds out
  boolean take(int count);
}
