package dev.dormouse.rooms.presence;

import dev.dormouse.room.Namespace;
import dev.dormouse.room.RoomLimits;

/// Declares the namespace `presence`: a room for each place where people can be.
public final class PresenceNamespace {
  /// The namespace's name.
  public static final String NAME = "presence";

  /// As many as see each other in one room. All of them with the longest names and infos still fit
  /// into the 1 MiB by which a client may be behind (`--outbound`): the list is told in one frame.
  static final int CONNECTIONS = 1_024;

  /// The longest frame that says anything: an info, all of it escaped.
  private static final int FRAME_BYTES = 4 * 1024;

  private PresenceNamespace() {}

  public static Namespace declaration() {
    return Namespace.named(NAME, PresenceRoom::new)
        .nonBlocking()
        .publicStatus()
        .limits(
            RoomLimits.defaults()
                .withConnections(CONNECTIONS)
                .withMessageBytes(FRAME_BYTES)
                .withRequestBytes(FRAME_BYTES))
        .build();
  }
}
