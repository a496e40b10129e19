package dev.dormouse.saga.queue.node;

import dev.dormouse.saga.queue.LogEntry;
import dev.dormouse.saga.queue.QueueMessage;
import dev.dormouse.saga.queue.Settled;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What programs outside may do with queues that are declared `http()`: publish, pull, answer. No
/// word of HTTP is in it; whoever serves it maps these to paths and statuses.
///
/// All methods block. Thread-safe. They throw [dev.dormouse.room.Refusal]: not found for a queue or
/// a group that is not declared, or not for the outside; refused with 400 for what cannot be;
/// refused with 409 to pull a group whose messages are brought to rooms; too large; storage full.
/// An append of which nobody knows what became is a [dev.dormouse.room.RoomException.RoomReset]
/// with the outcome unknown: to be repeated with the same keys.
public interface QueueClient {
  /// How many messages can be published, pulled or answered at once.
  int MAX_BATCH = 100;

  /// How long a pull can wait.
  Duration MAX_WAIT = Duration.ofSeconds(30);

  /// Puts messages into the queue; returns when they are durable there.
  ///
  /// @return the first one's position; the others follow it
  long publish(String queue, List<QueueMessage> messages);

  /// Takes up to `limit` messages. Waits for up to `wait` until there is one.
  ///
  /// @param lease for how long; null for as long as the group is declared with
  List<Pulled> pull(String queue, String group, int limit, @Nullable Duration lease, Duration wait);

  /// Done with them; what became of each, in their order.
  List<Settled> ack(String queue, String group, List<String> leases);

  /// To be handed out again after `delay` or the group's back-off, whichever is longer.
  List<Settled> retry(
      String queue, String group, List<String> leases, Duration delay, String error);

  /// Keeps them for `lease` from now on; null for as long as the group is declared with.
  List<Settled> extend(String queue, String group, List<String> leases, @Nullable Duration lease);

  /// A message that was pulled.
  ///
  /// @param lease what to answer with
  /// @param attempt how often it has been handed out, this time included
  /// @param until when it is handed out again, in milliseconds since 1970
  record Pulled(String lease, int attempt, long until, LogEntry entry) {}
}
