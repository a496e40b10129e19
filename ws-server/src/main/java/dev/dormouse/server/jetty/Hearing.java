package dev.dormouse.server.jetty;

/// A parked socket while the loop has a message of its client's decided: as at rest for all who
/// send, since a doorman or a room may do so right now, on any thread. Guarded by its
/// [ParkableWire].
final class Hearing implements Place {
  /// Whether reading stops if the room turns out to be behind; not if it has caught up meanwhile,
  /// which it says only once.
  boolean owing = true;
}
