package dev.dormouse.server.epoll;

import org.eclipse.jetty.io.Connection;

/// What has a descriptor that no endpoint has. All methods are called on the loop's thread, or when
/// it has ended.
public interface Parked {

  /// Makes a connection on a new endpoint, which is opened next. There may be something to read.
  Connection wake(EpollEndPoint endPoint);

  /// Could not be woken, or the server ends; the descriptor is closed next.
  void cut(Throwable cause);
}
