package dev.dormouse.server.limits;

import java.net.InetAddress;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/// A client that has been let in, as its transport knows it. For any thread.
public interface Guest {
  /// Its request is there, up to the end of its head; the deadline does not hold any more.
  ///
  /// @return whether this was the first
  boolean heard();

  /// Its first answer begins: its handshake is over.
  void answered();

  /// Counts it at the address of the client whose proxy it is; its socket's is not meant any more.
  ///
  /// @return false if that has as many clients as it may; then all stays as it is
  boolean speaksFor(InetAddress client);

  /// Where it comes from: its socket's address, or what was said with [#speaksFor], of IPv6 the
  /// network of 64 bits and without a port. Null if it is gone.
  @Nullable SocketAddress origin();

  /// Its time to say what it wants is over: cuts it off.
  void late();
}
