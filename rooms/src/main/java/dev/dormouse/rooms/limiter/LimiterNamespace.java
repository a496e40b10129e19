package dev.dormouse.rooms.limiter;

import dev.dormouse.room.Namespace;
import dev.dormouse.room.RoomLimits;

/// Declares the namespace `limiter`: a room for each user, or whatever else is to be limited.
public final class LimiterNamespace {
  /// The namespace's name.
  public static final String NAME = "limiter";

  /// Nothing longer is ever meant for a limiter.
  private static final int REQUEST_BYTES = 4 * 1024;

  private LimiterNamespace() {}

  public static Namespace declaration() {
    return Namespace.named(NAME, LimiterRoom::new)
        .calls(Limiter.class)
        .nonBlocking()
        .publicStatus()
        .limits(
            RoomLimits.defaults().withRequestBytes(REQUEST_BYTES).withMessageBytes(REQUEST_BYTES))
        .build();
  }
}
