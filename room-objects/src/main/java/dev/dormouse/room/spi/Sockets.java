package dev.dormouse.room.spi;

import dev.dormouse.room.RoomId;
import java.util.List;
import java.util.OptionalLong;

/// The socket side, as the room side sees it.
public interface Sockets {

  /// Applies a batch of effects in order, then flushes each connection that was written to, once.
  ///
  /// Calls for one room never overlap and come in turn order. Must not block and must not throw: a
  /// socket that fails is reported by [Event.Failed] and [Event.Closed].
  void apply(RoomId room, List<Effect> effects);

  /// The room is no longer behind: connections that stopped reading because [Intake#PAUSE] was
  /// answered read on.
  void resume(RoomId room);

  /// When an [Effect.AutoRespond] last answered the connection, in milliseconds since 1970 UTC;
  /// empty if never, or if the connection is gone.
  OptionalLong lastAutoResponse(RoomId room, long connection);

  /// The room's answer to an event that it took.
  enum Intake {
    /// Go on reading.
    OPEN,
    /// The event is taken, but read no more from this connection until [#resume] (O6).
    PAUSE
  }
}
