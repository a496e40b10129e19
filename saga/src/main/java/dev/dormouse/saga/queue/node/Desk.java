package dev.dormouse.saga.queue.node;

import dev.dormouse.room.Refusal;
import dev.dormouse.room.RoomException;
import dev.dormouse.room.spi.Execution;
import dev.dormouse.saga.Queue;
import dev.dormouse.saga.queue.GroupStatus;
import dev.dormouse.saga.queue.KnownMessage;
import dev.dormouse.saga.queue.LogEntry;
import dev.dormouse.saga.queue.LogException;
import dev.dormouse.saga.queue.MessageState;
import dev.dormouse.saga.queue.QueueLog;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/// See [QueueDesk].
final class Desk implements QueueDesk {
  private static final int MAX_LIMIT = 100;
  private static final int REDRIVEN_AT_ONCE = 500;

  private final QueueNode node;
  private final Execution execution;

  Desk(QueueNode node, Execution execution) {
    this.node = node;
    this.execution = execution;
  }

  private OpenQueue open(String queue) {
    OpenQueue open = node.queues().get(queue);
    if (open == null) {
      throw new Refusal.NotFound("there is no queue '" + queue + "'");
    }
    return open;
  }

  private GroupCalls room(String queue, String group) {
    OpenGroup found = open(queue).groups().get(group);
    if (found == null) {
      throw new Refusal.NotFound("queue '%s' has no group '%s'".formatted(queue, group));
    }
    return found.room();
  }

  private static Optional<QueueLog> log(OpenQueue queue) {
    try {
      return queue.logIfAny();
    } catch (LogException e) {
      throw new Refusal.StorageFull("queue '%s': %s".formatted(queue.name(), e.getMessage()));
    }
  }

  @Override
  public List<QueueReport> queues() {
    return node.queues().values().stream().map(this::report).toList();
  }

  @Override
  public QueueReport queue(String queue) {
    return report(open(queue));
  }

  private QueueReport report(OpenQueue queue) {
    Optional<String> trouble = queue.trouble();
    Optional<QueueLog> entries = Optional.empty();
    long bytes = 0;
    try {
      entries = queue.logIfAny();
      if (entries.isPresent()) {
        for (QueueLog.LogFile file : entries.get().files().get()) {
          bytes += file.bytes();
        }
      }
    } catch (LogException | ExecutionException e) {
      trouble = Optional.of(String.valueOf(e.getMessage()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      trouble = Optional.of("the look at its log was interrupted");
    }
    Optional<QueueLog> found = entries;
    return new QueueReport(
        queue.name(),
        found.map(QueueLog::first).orElse(0L),
        found.map(QueueLog::end).orElse(0L),
        bytes,
        queue.declaration().http(),
        deadLettersOf(queue.name()),
        trouble,
        queue.groups().values().stream().map(group -> report(group, found)).toList());
  }

  private List<String> deadLettersOf(String queue) {
    return node.queues().values().stream()
        .filter(each ->
            each.declaration().groups().stream()
                .anyMatch(group -> group.deadLetters().equals(queue)))
        .map(OpenQueue::name)
        .toList();
  }

  private GroupReport report(OpenGroup group, Optional<QueueLog> entries) {
    Queue.Group declared = group.declaration();
    GroupStatus s;
    Optional<String> trouble = Optional.empty();
    try {
      s = group.room().status();
    } catch (RoomException e) {
      s = new GroupStatus(0, 0, 0, false, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
      trouble = Optional.of(String.valueOf(e.getMessage()));
    }
    long end = trouble.isPresent() ? 0 : entries.map(QueueLog::end).orElse(0L);
    long unread = Math.max(0, end - s.position());
    return new GroupReport(
        declared.name(),
        declared.delivery().map(Queue.Destination::namespace),
        s.paused(),
        unread + s.ready() + s.delayed() + s.leased(),
        unread,
        s.ready(),
        s.delayed(),
        s.leased(),
        end == 0
            ? Optional.empty()
            : QueueFigures.oldest(
                entries.orElseThrow(), s.lowWater(), end, execution.instant().toEpochMilli()),
        s.dead(),
        s.letters(),
        s.acked(),
        s.leases() == 0 ? 0 : (double) s.again() / s.leases(),
        s.lost(),
        declared.deadLetters(),
        trouble);
  }

  private static void checkLimit(int limit) {
    if (limit < 1 || limit > MAX_LIMIT) {
      throw new Refusal.Refused(
          400, "1 to %d can be looked at, not %d".formatted(MAX_LIMIT, limit));
    }
  }

  @Override
  public List<Seen> peek(
      String queue, String group, @Nullable MessageState state, long from, int limit) {
    checkLimit(limit);
    List<KnownMessage> known =
        room(queue, group).peek(state == null ? null : state.name(), from, limit);
    Optional<QueueLog> entries = log(open(queue));
    return known.stream().map(each -> seen(each, entries)).toList();
  }

  private static Seen seen(KnownMessage known, Optional<QueueLog> entries) {
    Optional<LogEntry> entry =
        entries.stream()
            .flatMap(log -> Ledger.read(log, known.position(), 1).entries().stream())
            .filter(each -> each.position() == known.position())
            .findFirst();
    return new Seen(
        known.position(),
        known.state(),
        known.key(),
        known.attempts(),
        known.time(),
        known.error(),
        entry.map(Preview::of));
  }

  @Override
  public List<Logged> log(String queue, long from, int limit) {
    checkLimit(limit);
    return log(open(queue)).stream()
        .flatMap(entries -> Ledger.read(entries, Math.max(0, from), limit).entries().stream())
        .map(Preview::of)
        .toList();
  }

  @Override
  public List<Seen> dead(String queue, String group, long from, int limit) {
    return peek(queue, group, MessageState.DEAD, from, limit);
  }

  @Override
  public void redrive(String queue, String group, long position) {
    if (!room(queue, group).redrive(position)) {
      throw new Refusal.NotFound(
          "group '%s' of queue '%s' has given up no message at %d that its log still holds"
              .formatted(group, queue, position));
    }
  }

  @Override
  public int redriveAll(String queue, String group) {
    GroupCalls room = room(queue, group);
    // What dies again meanwhile is not driven a second time.
    long left = room.status().dead();
    int done = 0;
    while (left > 0) {
      int now = room.redriveAll((int) Math.min(left, REDRIVEN_AT_ONCE));
      if (now == 0) {
        break;
      }
      done += now;
      left -= now;
    }
    return done;
  }

  @Override
  public void pause(String queue, String group) {
    room(queue, group).pause(true);
  }

  @Override
  public void resume(String queue, String group) {
    room(queue, group).pause(false);
  }

  @Override
  public long purge(String queue, String group) {
    return room(queue, group).purge();
  }
}
