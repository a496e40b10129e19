package dev.dormouse.room.spi;

import dev.dormouse.room.Admission;
import dev.dormouse.room.CloseStatus;
import dev.dormouse.room.HttpReply;
import dev.dormouse.room.Message;
import dev.dormouse.room.Refusal;
import dev.dormouse.room.RoomException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What a room does to its sockets, decided in turns and applied in turn order (O4).
public sealed interface Effect {

  /// Sends to one connection; dropped and counted if it is gone.
  record Send(long connection, Message message) implements Effect {}

  /// Sends to every connection that has joined and neither left nor been closed by an earlier
  /// effect, with `tag` if it is given, but for `except`.
  record Broadcast(@Nullable String tag, Message message, Set<Long> except) implements Effect {}

  /// From here on the connection is part of the room's audience.
  record Join(long connection, Set<String> tags) implements Effect {}

  /// Replaces the tags that broadcasts look at.
  record Retag(long connection, Set<String> tags) implements Effect {}

  /// The connection has closed and is forgotten.
  record Leave(long connection) implements Effect {}

  /// Starts the closing handshake; nothing is sent to the connection after it.
  record Close(long connection, CloseStatus status) implements Effect {}

  /// Tells a connection that its message was refused, if it negotiated `dormouse.v1` (S3).
  record Tell(long connection, Refusal refusal) implements Effect {}

  /// From here on a message that equals `request` is answered with `answer` by the socket side
  /// itself, and does not reach the room; both null to end that. Forgotten with the room's last
  /// connection: the room says it again before its next first one joins.
  record AutoRespond(@Nullable Message request, @Nullable Message answer) implements Effect {}

  /// Answers [Event.Connect].
  record Admit(long exchange, Admission admission) implements Effect {}

  /// Answers [Event.Requested].
  record Reply(long exchange, HttpReply reply) implements Effect {}

  /// Answers [Event.Connect] or [Event.Requested] with an error.
  record Decline(long exchange, RoomException error) implements Effect {}
}
