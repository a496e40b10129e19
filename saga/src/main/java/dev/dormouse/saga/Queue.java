package dev.dormouse.saga;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Pattern;

/// The declaration of a durable queue: its name, who consumes it, what it takes.
///
/// ```java
/// Queue.named("orders")
///     .group("billing", g -> g.deliverTo("accounts", message -> message.orderingKey()))
///     .group("reports", g -> g.retries(10))
///     .http()
///     .build();
/// ```
///
/// What is sent lies in the queue's log until every group is done with it. Each group gets every
/// message, and keeps its own account of what is settled. A queue costs two threads and a few open
/// files: make few, with keys in the messages, never one for each room.
///
/// The name is the identity of the queue's data, and a group's name that of its account.
///
/// @param name letters from `a` to `z`, digits, `-` and `.`, beginning with a letter, at most 64
/// @param groups who consumes it
/// @param messageBytes the largest payload
/// @param keep how long a message is kept at least, though all groups are done with it
/// @param keepBytes how large the log may get before the oldest messages become dead letters; empty
///   for no limit
/// @param http whether it can be published to and pulled from over HTTP
public record Queue(
    String name,
    List<Group> groups,
    int messageBytes,
    Duration keep,
    OptionalLong keepBytes,
    boolean http) {
  static final Pattern NAME = Pattern.compile("[a-z][a-z0-9.-]{0,63}");

  public Queue {
    groups = List.copyOf(groups);
  }

  public static QueueBuilder named(String name) {
    return new QueueBuilder(name);
  }

  /// The group of this name, if there is one.
  public Optional<Group> group(String group) {
    return groups.stream().filter(each -> each.name().equals(group)).findFirst();
  }

  /// A consumer group: which messages are handed out to whom, and what happens when that fails.
  ///
  /// @param delivery the rooms that its messages are brought to; empty if they are pulled
  /// @param batch how many messages a room is handed at once, at most
  /// @param batchWait how long the first waits for others to fill a batch
  /// @param inFlight how many messages may be handed out and not answered at a time
  /// @param lease how long who was handed a message may take to answer
  /// @param retries how often a message is handed out again after its first attempt
  /// @param backoff the wait before the first retry
  /// @param factor by how much each wait is longer than the one before
  /// @param backoffCap the longest
  /// @param deadLetters the queue of what was given up
  /// @param window how many unsettled messages it keeps account of; more stay in the log unread
  /// @param rememberedKeys by how many of the last keys a message that was appended twice is known
  /// @param maxAge how old a message may get before it is given up
  /// @param ordered whether messages with the same ordering key are handed out one after the other
  /// @param fromNow whether a new group begins with what comes, rather than with what is there
  public record Group(
      String name,
      Optional<Destination> delivery,
      int batch,
      Duration batchWait,
      int inFlight,
      Duration lease,
      int retries,
      Duration backoff,
      double factor,
      Duration backoffCap,
      String deadLetters,
      int window,
      int rememberedKeys,
      Duration maxAge,
      boolean ordered,
      boolean fromNow) {}

  /// Where a group's messages are brought.
  ///
  /// @param namespace whose rooms implement [QueueConsumer]
  /// @param room finds the room's name in a message; what it throws counts as a failed attempt
  public record Destination(String namespace, Router room) {}

  /// Finds the room that a message is for. Pure: the same message gives the same name.
  @FunctionalInterface
  public interface Router {
    String room(QueuedMessage message);
  }
}
