package dev.dormouse.server.jetty;

import dev.dormouse.hibernation.Stay;
import dev.dormouse.room.Admission;
import dev.dormouse.room.CloseStatus;
import dev.dormouse.room.RoomId;
import org.jspecify.annotations.Nullable;

/// What a socket whose handshake succeeds begins with.
public sealed interface Beginning {

  /// The sub-protocol that the handshake names; null for none.
  @Nullable String protocol();

  /// It becomes a connection.
  ///
  /// @param messageBytes the most bytes that a message from the client may have
  record Admitted(
      RoomId room,
      int messageBytes,
      Admission.Accepted admission,
      Stay stay,
      @Nullable String protocol)
      implements Beginning {}

  /// It is closed at once: its client is told so why it may not connect.
  record TurnedAway(CloseStatus status, @Nullable String protocol) implements Beginning {}
}
