package dev.dormouse.server.limits;

/// A client that was not let in: a socket that nobody else knows of. Nothing here blocks.
public interface Stranger {
  /// Sends it `answer`, and says that nothing follows.
  ///
  /// @return false if the socket did not take it whole
  boolean tell(byte[] answer);

  /// Drops what it has sent so far.
  ///
  /// @return whether it has hung up, or sends more than anybody has to listen to
  boolean gone();

  void close();
}
