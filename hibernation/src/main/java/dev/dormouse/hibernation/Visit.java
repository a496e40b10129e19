package dev.dormouse.hibernation;

import java.net.SocketAddress;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What is to be seen of one connection without waking its room, or anything else.
///
/// @param key the connection's, never used again in this process
/// @param tags as its room has set them last
/// @param since when it was opened, in seconds since 1970 UTC
/// @param parked whether it has left the WebSocket stack until something happens
/// @param reader whether it may only read
/// @param closing whether it is over, and its room has not yet taken leave of it
/// @param peer where its socket comes from, or whom a trusted proxy names; null if nobody knows
public record Visit(
    long key,
    Set<String> tags,
    long since,
    boolean parked,
    boolean reader,
    boolean closing,
    @Nullable SocketAddress peer) {

  /// Some of a room's connections, in the order of their keys.
  ///
  /// @param all how many the room has
  /// @param more whether some have larger keys than these
  public record Page(List<Visit> visits, int all, boolean more) {}
}
