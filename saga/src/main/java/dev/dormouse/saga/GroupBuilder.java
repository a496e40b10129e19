package dev.dormouse.saga;

import java.time.Duration;
import java.util.Optional;

/// Collects what differs from the defaults of a consumer group ([Queue.Group]).
public final class GroupBuilder {
  private static final Duration MAX_LEASE = Duration.ofHours(12);
  private static final Duration MAX_BATCH_WAIT = Duration.ofMinutes(1);

  private final String queue;
  private final String name;
  private Optional<Queue.Destination> delivery = Optional.empty();
  private int batch = 10;
  private Duration batchWait = Duration.ZERO;
  private int inFlight = 500;
  private Duration lease = Duration.ofSeconds(30);
  private int retries = 3;
  private Duration backoff = Duration.ofSeconds(1);
  private double factor = 2;
  private Duration backoffCap = Duration.ofMinutes(5);
  private String deadLetters;
  private int window = 100_000;
  private int rememberedKeys = 10_000;
  private Duration maxAge = Duration.ofDays(14);
  private boolean ordered = true;
  private boolean fromNow;

  GroupBuilder(String queue, String name) {
    this.queue = queue;
    this.name = name;
    check(Queue.NAME.matcher(name).matches(), "cannot be named so");
    deadLetters = queue + ".dead";
  }

  private void check(boolean fine, String what) {
    if (!fine) {
      throw new IllegalArgumentException(
          "group '%s' of queue '%s' %s".formatted(name, queue, what));
    }
  }

  /// Brings messages to rooms of a namespace, whose class implements [QueueConsumer]. A group that
  /// does not say so is pulled.
  ///
  /// @param room finds the room's name in a message
  public GroupBuilder deliverTo(String namespace, Queue.Router room) {
    delivery = Optional.of(new Queue.Destination(namespace, room));
    return this;
  }

  /// How many messages a room is handed at once at most: 1 to 100, 10 if not said.
  public GroupBuilder batch(int messages) {
    check(messages >= 1 && messages <= 100, "hands out 1 to 100 messages at once, not " + messages);
    batch = messages;
    return this;
  }

  /// How long the first message waits for others to fill a batch: up to a minute, not at all if not
  /// said.
  public GroupBuilder batchWait(Duration wait) {
    check(
        !wait.isNegative() && wait.compareTo(MAX_BATCH_WAIT) <= 0,
        "waits up to a minute for a full batch, not " + wait);
    batchWait = wait;
    return this;
  }

  /// How many messages may be with rooms and not answered at a time: 500 if not said.
  public GroupBuilder inFlight(int messages) {
    check(messages >= 1, "has at least 1 message in flight, not " + messages);
    inFlight = messages;
    return this;
  }

  /// How long who was handed a message may take to answer before it is handed out again: up to 12
  /// hours, 30 s if not said. A room that waits in its handler must be done sooner.
  public GroupBuilder lease(Duration lease) {
    check(
        lease.isPositive() && lease.compareTo(MAX_LEASE) <= 0,
        "leases for up to 12 hours, not " + lease);
    this.lease = lease;
    return this;
  }

  /// How often a message is handed out again after its first attempt: 0 to 100, 3 if not said.
  public GroupBuilder retries(int times) {
    check(times >= 0 && times <= 100, "tries again 0 to 100 times, not " + times);
    retries = times;
    return this;
  }

  /// The wait before a retry: `first`, then longer by `factor` each time, up to `cap`; between half
  /// and the whole of that, so that what failed together does not come back together. 1 s, 2 and 5
  /// min if not said.
  public GroupBuilder backoff(Duration first, double factor, Duration cap) {
    check(
        !first.isNegative() && factor >= 1 && cap.compareTo(first) >= 0,
        "backs off from %s by %s to %s, which cannot be".formatted(first, factor, cap));
    backoff = first;
    this.factor = factor;
    backoffCap = cap;
    return this;
  }

  /// The queue that takes what was given up: `<queue>.dead` if not said. It need not be declared;
  /// then nothing is ever deleted from it.
  public GroupBuilder deadLetters(String queue) {
    check(Queue.NAME.matcher(queue).matches(), "cannot have dead letters in '" + queue + "'");
    check(!queue.equals(this.queue), "cannot have its dead letters in the queue they come from");
    deadLetters = queue;
    return this;
  }

  /// How many unsettled messages the group keeps account of; when there are as many nothing more is
  /// read from the log. 100,000 if not said.
  public GroupBuilder window(int messages) {
    check(messages >= 1, "has a window of at least 1 message, not " + messages);
    window = messages;
    return this;
  }

  /// By how many of the last keys a message that was appended twice is known and handed out once:
  /// 10,000 if not said.
  public GroupBuilder rememberedKeys(int keys) {
    check(keys >= 0, "cannot remember " + keys + " keys");
    rememberedKeys = keys;
    return this;
  }

  /// How old a message may get before it is given up, to the dead letters: 14 days if not said.
  public GroupBuilder maxAge(Duration age) {
    check(age.isPositive(), "gives messages up after " + age + ", which cannot be");
    maxAge = age;
    return this;
  }

  /// Hands out messages in any order, though they have ordering keys: many at a time, and one that
  /// fails holds up no other.
  public GroupBuilder unordered() {
    ordered = false;
    return this;
  }

  /// A group that is new begins with what is sent from then on. Otherwise it begins with the oldest
  /// message that the log still holds.
  public GroupBuilder fromNow() {
    fromNow = true;
    return this;
  }

  Queue.Group build() {
    return new Queue.Group(
        name,
        delivery,
        batch,
        batchWait,
        inFlight,
        lease,
        retries,
        backoff,
        factor,
        backoffCap,
        deadLetters,
        window,
        rememberedKeys,
        maxAge,
        ordered,
        fromNow);
  }
}
