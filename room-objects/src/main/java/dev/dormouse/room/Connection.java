package dev.dormouse.room;

import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/// A channel between one client and this room, open while the room sleeps and through its resets.
///
/// What is sent leaves in turn order, once everything written before is durable (O1, O4). A send to
/// a connection that is gone is dropped and counted. Tags and attachment outlive the instance, not
/// the process (C3).
public interface Connection {

  /// The connection's key: unique in this process, never used again.
  long key();

  void send(Message message);

  default void send(String text) {
    send(Message.of(text));
  }

  /// Sends a binary message around `bytes`, which the caller gives away.
  default void send(byte[] bytes) {
    send(Message.of(bytes));
  }

  /// Sends as soon as the turn ends, without waiting for the disk: for what carries no state of the
  /// room. It may overtake gated messages and keeps order only among its like (O5).
  void sendUngated(Message message);

  /// Closes the connection in turn order. [Room#onClose] follows when the client has answered or
  /// its time is up.
  void close(CloseStatus status);

  Set<String> tags();

  /// Replaces the tags: at most 10, of 1 to 256 characters each.
  void tags(Set<String> tags);

  /// The bytes last attached; empty if none were.
  byte[] attachment();

  /// Replaces the attachment: at most 16 KiB.
  void attach(byte[] attachment);

  /// The sub-protocol that the handshake settled on.
  Optional<String> subProtocol();

  /// How much it may do: what its admission gave, and no more than its [Identity] had. From one
  /// that may only read no message comes here, unless the namespace says
  /// [Namespace.Builder#hearsReaders].
  Access access();

  /// When [Connections#autoResponse] last answered this connection; empty if it never did.
  Optional<Instant> lastAutoResponse();
}
