package dev.dormouse.server.http;

import dev.dormouse.room.Refusal;
import dev.dormouse.saga.queue.DeadLetter;
import dev.dormouse.saga.queue.MessageState;
import dev.dormouse.saga.queue.node.QueueDesk;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// One queue `mails` with one group `sender`, whose messages a test puts there, and the queue of
/// its dead letters. Thread-safe.
final class StagedQueues implements QueueDesk {
  static final String QUEUE = "mails";
  static final String GROUP = "sender";

  private final long now;
  private final List<Seen> messages = new ArrayList<>(); // guarded by this
  private final List<String> given = new ArrayList<>(); // guarded by this
  private boolean paused; // guarded by this

  StagedQueues(long now) {
    this.now = now;
  }

  /// What was done, in order.
  synchronized List<String> given() {
    return List.copyOf(given);
  }

  synchronized void put(MessageState state, String key, String error, String payload) {
    long position = messages.size() + 40L;
    int attempts = state == MessageState.DEAD ? 4 : 1;
    long until = state == MessageState.READY || state == MessageState.DEAD ? 0 : now + 30_000;
    messages.add(
        new Seen(
            position,
            state,
            key,
            attempts,
            until,
            error,
            Optional.of(logged(position, key, payload))));
  }

  private Logged logged(long position, String key, String payload) {
    return new Logged(
        position,
        key,
        "",
        "mail",
        "JSON",
        "lisbon",
        now - 90_000,
        0,
        Optional.empty(),
        payload,
        payload.length());
  }

  private long in(MessageState state) {
    return messages.stream().filter(message -> message.state() == state).count();
  }

  @Override
  public synchronized List<QueueReport> queues() {
    return List.of(queue(QUEUE), queue(QUEUE + ".dead"));
  }

  @Override
  public synchronized QueueReport queue(String queue) {
    if (queue.equals(QUEUE + ".dead")) {
      return new QueueReport(queue, 0, 1, 512, false, List.of(QUEUE), Optional.empty(), List.of());
    }
    check(queue, GROUP);
    long dead = in(MessageState.DEAD);
    GroupReport group =
        new GroupReport(
            GROUP,
            Optional.of("mailers"),
            paused,
            messages.size() - dead + 12,
            12,
            in(MessageState.READY),
            in(MessageState.DELAYED),
            in(MessageState.LEASED),
            Optional.of(95_000L),
            dead,
            0,
            12_806,
            0.034,
            0,
            QUEUE + ".dead",
            Optional.empty());
    return new QueueReport(
        queue, 0, 12_900, 5_300_000, true, List.of(), Optional.empty(), List.of(group));
  }

  private static void check(String queue, String group) {
    if (!queue.equals(QUEUE) || !group.equals(GROUP)) {
      throw new Refusal.NotFound("there is no queue '" + queue + "' with a group '" + group + "'");
    }
  }

  @Override
  public synchronized List<Seen> peek(
      String queue, String group, @Nullable MessageState state, long from, int limit) {
    check(queue, group);
    return messages.stream()
        .filter(it -> state == null ? it.state() != MessageState.DEAD : it.state() == state)
        .filter(it -> it.position() >= from)
        .limit(limit)
        .toList();
  }

  @Override
  public synchronized List<Logged> log(String queue, long from, int limit) {
    if (queue.equals(QUEUE + ".dead")) {
      DeadLetter origin = new DeadLetter(QUEUE, GROUP, 3, 4, "550 no such user");
      return List.of(
          new Logged(
              0, "m-3", "", "mail", "JSON", "", now, 0, Optional.of(origin), "{\"to\":\"x\"}", 10));
    }
    check(queue, GROUP);
    return messages.stream()
        .flatMap(it -> it.logged().stream())
        .filter(it -> it.position() >= from)
        .limit(limit)
        .toList();
  }

  @Override
  public List<Seen> dead(String queue, String group, long from, int limit) {
    return peek(queue, group, MessageState.DEAD, from, limit);
  }

  @Override
  public synchronized void redrive(String queue, String group, long position) {
    check(queue, group);
    Seen dead =
        messages.stream()
            .filter(it -> it.position() == position && it.state() == MessageState.DEAD)
            .findFirst()
            .orElseThrow(() -> new Refusal.NotFound("no dead message at " + position));
    given.add("redrive " + position);
    messages.set(messages.indexOf(dead), redriven(dead));
  }

  private static Seen redriven(Seen dead) {
    return new Seen(
        dead.position(), MessageState.READY, dead.key(), 0, 0, dead.error(), dead.logged());
  }

  @Override
  public synchronized int redriveAll(String queue, String group) {
    check(queue, group);
    given.add("redrive all");
    int dead = (int) in(MessageState.DEAD);
    messages.replaceAll(it -> it.state() == MessageState.DEAD ? redriven(it) : it);
    return dead;
  }

  @Override
  public synchronized void pause(String queue, String group) {
    check(queue, group);
    given.add("pause");
    paused = true;
  }

  @Override
  public synchronized void resume(String queue, String group) {
    check(queue, group);
    given.add("resume");
    paused = false;
  }

  @Override
  public synchronized long purge(String queue, String group) {
    check(queue, group);
    given.add("purge");
    long before = messages.size();
    messages.removeIf(it -> it.state() != MessageState.DEAD);
    return before - messages.size();
  }
}
