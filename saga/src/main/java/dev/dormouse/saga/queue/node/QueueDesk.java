package dev.dormouse.saga.queue.node;

import dev.dormouse.saga.queue.DeadLetter;
import dev.dormouse.saga.queue.MessageState;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What people who run queues may look at and do.
///
/// All methods block, for as long as a call of a room takes and a page of a log: call them on a
/// thread that may. Thread-safe. Unknown queues, groups and positions are
/// [dev.dormouse.room.Refusal.NotFound]; other [dev.dormouse.room.RoomException]s come from the
/// group's room as from any other. What a method changes is durable when it returns.
public interface QueueDesk {

  /// All queues in order of name, those that only hold dead letters too.
  List<QueueReport> queues();

  QueueReport queue(String queue);

  /// What a group has to do with messages from `from` on, in order of position.
  ///
  /// @param state only messages in that state; null for all that are not settled. What the group
  ///   has not read yet is in none: see [#log]
  /// @param limit 1 to 100
  List<Seen> peek(String queue, String group, @Nullable MessageState state, long from, int limit);

  /// What lies in the queue's log from `from` on, whatever became of it.
  ///
  /// @param limit 1 to 100
  List<Logged> log(String queue, long from, int limit);

  /// Messages that the group has given up and that its log still holds, so that they can be driven
  /// again, in order of position from `from` on. All dead letters of a queue that was named as a
  /// dead-letter queue are in [#log].
  List<Seen> dead(String queue, String group, long from, int limit);

  /// Hands a message out again that the group has given up, with no attempt behind it. Its dead
  /// letter stays where it is.
  void redrive(String queue, String group, long position);

  /// Hands out again all that the group has given up; says how many.
  int redriveAll(String queue, String group);

  /// Nothing is handed out until [#resume]; what is out may be answered.
  void pause(String queue, String group);

  void resume(String queue, String group);

  /// Drops all that the group has not settled, read or not, for good; says how many messages. What
  /// it has given up stays.
  long purge(String queue, String group);

  /// A queue in numbers.
  ///
  /// @param first the position of the oldest entry that its log still holds
  /// @param end behind the last one
  /// @param bytes what its log takes on disk
  /// @param http whether it can be used over HTTP
  /// @param deadLettersOf queues whose dead letters go there
  /// @param trouble why its log takes nothing at present; empty if it does
  record QueueReport(
      String name,
      long first,
      long end,
      long bytes,
      boolean http,
      List<String> deadLettersOf,
      Optional<String> trouble,
      List<GroupReport> groups) {}

  /// A group in numbers.
  ///
  /// @param delivery where its messages go: a namespace, or empty if they are pulled
  /// @param backlog messages that are not settled: unread, ready, delayed and leased
  /// @param unread of them those that still lie in the log only
  /// @param ready of them those that wait to be handed out
  /// @param oldestMillis how long the oldest that could be handed out has been waiting, or been
  ///   worked on; empty if there is none
  /// @param dead given up, and can be driven again
  /// @param letters dead letters that have still to be sent
  /// @param acked how many were ever acknowledged
  /// @param redelivery handings out beyond the first, as a share of all; 0 to 1
  /// @param lost entries of the log that were gone or damaged when it came to read them
  /// @param deadLetterQueue where dead letters go
  /// @param trouble why the group could not be asked; empty if it was, and else the numbers are 0
  record GroupReport(
      String name,
      Optional<String> delivery,
      boolean paused,
      long backlog,
      long unread,
      long ready,
      long delayed,
      long leased,
      Optional<Long> oldestMillis,
      long dead,
      long letters,
      long acked,
      double redelivery,
      long lost,
      String deadLetterQueue,
      Optional<String> trouble) {}

  /// A message as a group knows it.
  ///
  /// @param attempts how often it was handed out
  /// @param until when its delay or its lease ends, in milliseconds since 1970; 0 if neither
  /// @param error what the last attempt said; may be empty
  /// @param logged what lies in the log; empty if it is gone
  record Seen(
      long position,
      MessageState state,
      String key,
      int attempts,
      long until,
      String error,
      Optional<Logged> logged) {}

  /// A message as the log has it.
  ///
  /// @param source the room that sent it, as text; empty if it came from outside
  /// @param appendedAt milliseconds since 1970; `notBefore` too, 0 for none
  /// @param origin what it was before it became a dead letter
  /// @param preview the payload's beginning, to be shown to people: text, or hexadecimal digits if
  ///   it is bytes
  /// @param bytes the payload's size
  record Logged(
      long position,
      String key,
      String source,
      String type,
      String contentType,
      String orderingKey,
      long appendedAt,
      long notBefore,
      Optional<DeadLetter> origin,
      String preview,
      int bytes) {}
}
