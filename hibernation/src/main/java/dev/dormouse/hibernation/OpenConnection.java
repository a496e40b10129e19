package dev.dormouse.server.sockets;

import dev.dormouse.room.Message;
import dev.dormouse.room.RoomId;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// One connection of a room, from its handshake until the room has been told of its end.
///
/// Mutable fields but for [#shut] are guarded by the order of the room's effects: only
/// [SocketTable#apply] for that room touches them, and such calls never overlap.
final class OpenConnection {
  final long key;
  final RoomId room;
  final ClientSocket socket;
  final Audience audience;

  /// Whether frames of the platform itself may be sent to it (S3).
  final boolean platform;

  /// The last message of the batch that is being applied: it goes out when the next one or the end
  /// of the batch shows whether flushing can wait. Null between batches.
  private @Nullable Message held;

  /// What broadcasts look at; the audience has the connection in its index under these.
  Set<String> tags = Set.of();

  /// Set once the room has closed it or its socket is gone, by whoever comes first; never unset.
  volatile boolean shut;

  OpenConnection(long key, RoomId room, ClientSocket socket, Audience audience, boolean platform) {
    this.key = key;
    this.room = room;
    this.socket = socket;
    this.audience = audience;
    this.platform = platform;
  }

  /// Takes a message of the current batch, sending the one before it.
  ///
  /// @return true if this is the connection's first of the batch
  boolean take(Message message) {
    Message before = held;
    held = message;
    if (before == null) {
      return true;
    }
    socket.send(before, true);
    return false;
  }

  /// Sends what [#take] held back, with all that waits before it.
  void flush() {
    Message last = held;
    if (last != null) {
      held = null;
      socket.send(last, false);
    }
  }
}
