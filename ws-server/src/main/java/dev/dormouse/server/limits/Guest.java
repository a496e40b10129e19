package dev.dormouse.server.limits;

/// A client that has been let in, as its transport knows it. For any thread.
public interface Guest {
  /// Its request is there, up to the end of its head; the deadline does not hold any more.
  ///
  /// @return whether this was the first
  boolean heard();

  /// Its first answer begins: its handshake is over.
  void answered();

  /// Its time to say what it wants is over: cuts it off.
  void late();
}
