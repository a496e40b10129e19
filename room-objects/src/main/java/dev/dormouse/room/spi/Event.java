package dev.dormouse.room.spi;

import dev.dormouse.room.Admission;
import dev.dormouse.room.CloseStatus;
import dev.dormouse.room.HttpCall;
import dev.dormouse.room.Message;
import dev.dormouse.room.Upgrade;

/// What the socket side tells a room: one half of the boundary, as plain messages, so that sockets
/// can one day sit in another process. The other half is [Effect].
///
/// An `exchange` is a number of the socket side's choice that a later effect answers. A
/// `connection` is a connection's key: unique in the process, never used again.
public sealed interface Event {

  /// A client wants to connect; answered by [Effect.Admit] or [Effect.Decline].
  record Connect(long exchange, Upgrade upgrade) implements Event {}

  /// The handshake of an admitted connection is done; messages follow only after this.
  record Opened(long connection, Admission.Accepted admission) implements Event {}

  /// A whole message.
  record Received(long connection, Message message) implements Event {}

  /// The connection failed; [Closed] follows.
  record Failed(long connection, Throwable failure) implements Event {}

  /// The connection is gone.
  record Closed(long connection, CloseStatus status) implements Event {}

  /// A connection is gone whose admission said that its room does not want to hear of it: wakes
  /// nobody (C5).
  record Left(long connection) implements Event {}

  /// A plain request; answered by [Effect.Reply] or [Effect.Decline].
  record Requested(long exchange, HttpCall call) implements Event {}
}
