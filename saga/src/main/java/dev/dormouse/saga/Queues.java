package dev.dormouse.saga;

import java.util.List;

/// The queues as one room may send to them: `context.facility(Queues.class)`.
///
/// Sending is part of the turn at hand: the message is a row of the room's, durable with all else
/// that the turn writes, and gone with it if the turn is undone. When the turn is durable the
/// message is appended to the queue's log, in the order of sending, and the row is deleted; however
/// often a process dies in between, it gets there at least once, with the same key. It never moves
/// the room's version.
public interface Queues {
  /// How many messages a room may send at once.
  int MAX_BATCH = 100;

  /// How many messages of a room may wait to be appended to one queue, before it is refused.
  int MAX_UNPUBLISHED = 10_000;

  /// Sends a message.
  ///
  /// @return its idempotency key
  /// @throws IllegalArgumentException if no such queue is declared
  /// @throws dev.dormouse.room.Refusal.TooLarge if the payload is larger than the queue takes
  /// @throws dev.dormouse.room.Refusal.Overloaded if the log has taken nothing for long, and too
  ///   much waits in this room
  String send(String queue, Outgoing message);

  /// Sends up to [#MAX_BATCH] messages, which follow each other in the queue.
  ///
  /// @return their keys, in order
  List<String> send(String queue, List<Outgoing> messages);

  /// How many messages of this room wait to be appended.
  long unpublished(String queue);
}
