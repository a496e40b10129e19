package dev.dormouse.saga.queue.node;

import dev.dormouse.room.Refusal;
import dev.dormouse.room.RoomException;
import dev.dormouse.room.RoomException.Outcome;
import dev.dormouse.room.spi.Execution;
import dev.dormouse.saga.queue.GroupSettings;
import dev.dormouse.saga.queue.Lease;
import dev.dormouse.saga.queue.LogEntry;
import dev.dormouse.saga.queue.LogException;
import dev.dormouse.saga.queue.QueueLog;
import dev.dormouse.saga.queue.QueueMessage;
import dev.dormouse.saga.queue.Settled;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/// See [QueueClient].
final class Client implements QueueClient {
  private final QueueNode node;
  private final Execution execution;

  Client(QueueNode node, Execution execution) {
    this.node = node;
    this.execution = execution;
  }

  private OpenQueue queue(String queue) {
    OpenQueue open = node.queues().get(queue);
    if (open == null || !open.declaration().http()) {
      throw new Refusal.NotFound("there is no queue '" + queue + "' here");
    }
    return open;
  }

  private OpenGroup group(String queue, String group) {
    OpenGroup open = queue(queue).groups().get(group);
    if (open == null) {
      throw new Refusal.NotFound("queue '%s' has no group '%s'".formatted(queue, group));
    }
    if (open.declaration().delivery().isPresent()) {
      throw new Refusal.Refused(
          409,
          "the messages of group '%s' of queue '%s' are brought to rooms; they cannot be pulled"
              .formatted(group, queue));
    }
    return open;
  }

  private static void check(boolean fine, String what) {
    if (!fine) {
      throw new Refusal.Refused(400, what);
    }
  }

  private static void checkBatch(int size) {
    check(size >= 1, "there is nothing in it");
    if (size > MAX_BATCH) {
      throw new Refusal.TooLarge("%d at once; the limit is %d".formatted(size, MAX_BATCH));
    }
  }

  @Override
  public long publish(String queue, List<QueueMessage> messages) {
    OpenQueue open = queue(queue);
    checkBatch(messages.size());
    messages.forEach(each -> Outbox.checkSize(open, each));
    try {
      return node.append(queue, messages);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw unknown(queue, e);
    } catch (LogException e) {
      throw refused(queue, e);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof LogException known ? refused(queue, known) : unknown(queue, e);
    }
  }

  private static RoomException refused(String queue, LogException e) {
    String why = "queue '%s': %s".formatted(queue, e.getMessage());
    return switch (e.reason()) {
      case TOO_LARGE -> new Refusal.TooLarge(why);
      case FULL -> new Refusal.StorageFull(why);
      case CLOSED -> new RoomException.GoingAway(why);
      case BROKEN, UNUSABLE -> unknown(queue, e);
    };
  }

  private static RoomException unknown(String queue, Throwable e) {
    return new RoomException.RoomReset(
        RoomException.RoomReset.Reason.COMMIT_FAILED,
        Outcome.UNKNOWN,
        "queue '%s' may have taken it or not: %s".formatted(queue, e),
        e);
  }

  @Override
  public List<Pulled> pull(
      String queue, String group, int limit, @Nullable Duration wanted, Duration wait) {
    OpenGroup open = group(queue, group);
    checkBatch(limit);
    Duration lease = lease(open, wanted);
    check(
        !wait.isNegative() && wait.compareTo(MAX_WAIT) <= 0,
        "a pull waits for up to %d s".formatted(MAX_WAIT.toSeconds()));
    long deadline = execution.nanoTime() + wait.toNanos();
    while (true) {
      Execution.Signal changed = open.await();
      try {
        List<Pulled> pulled = lease(open, log(queue), limit, lease);
        long left = deadline - execution.nanoTime();
        if (!pulled.isEmpty() || left <= 0) {
          return pulled;
        }
        changed.await(Duration.ofNanos(left));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new RoomException.GoingAway("a pull of queue '" + queue + "' was interrupted");
      } finally {
        open.leave(changed);
      }
    }
  }

  private static Duration lease(OpenGroup group, @Nullable Duration wanted) {
    Duration lease = wanted == null ? group.declaration().lease() : wanted;
    check(
        lease.isPositive() && lease.compareTo(GroupSettings.MAX_VISIBILITY) <= 0,
        "a lease lasts from a millisecond to 12 hours");
    return lease;
  }

  private QueueLog log(String queue) {
    try {
      return queue(queue).log();
    } catch (LogException e) {
      throw refused(queue, e);
    }
  }

  private static List<Pulled> lease(OpenGroup group, QueueLog log, int limit, Duration lease) {
    List<Lease> leases = group.room().lease(limit, lease.toMillis());
    Map<Long, LogEntry> entries = new HashMap<>();
    List<Pulled> pulled = new ArrayList<>();
    List<Long> gone = new ArrayList<>();
    for (Lease each : leases) {
      if (!entries.containsKey(each.position())) {
        Ledger.read(log, each.position(), limit)
            .entries()
            .forEach(entry -> entries.put(entry.position(), entry));
      }
      LogEntry entry = entries.get(each.position());
      if (entry == null) {
        gone.add(each.position());
      } else {
        pulled.add(new Pulled(each.id(), each.attempt(), each.until(), entry));
      }
    }
    if (!gone.isEmpty()) {
      group.room().giveUp(gone, Dispatch.NO_PAYLOAD);
    }
    return pulled;
  }

  @Override
  public List<Settled> ack(String queue, String group, List<String> leases) {
    return answered(leases, group(queue, group).room()::ack);
  }

  @Override
  public List<Settled> retry(
      String queue, String group, List<String> leases, Duration delay, String error) {
    OpenGroup open = group(queue, group);
    check(
        !delay.isNegative() && delay.compareTo(GroupSettings.MAX_DELAY) <= 0,
        "a retry waits up to 366 days");
    return answered(leases, all -> open.room().retry(all, delay.toMillis(), InHand.cut(error)));
  }

  @Override
  public List<Settled> extend(
      String queue, String group, List<String> leases, @Nullable Duration wanted) {
    OpenGroup open = group(queue, group);
    Duration lease = lease(open, wanted);
    return answered(leases, all -> open.room().extend(all, lease.toMillis()));
  }

  private interface Call {
    List<String> on(List<String> leases);
  }

  private static List<Settled> answered(List<String> leases, Call call) {
    checkBatch(leases.size());
    for (String lease : leases) {
      check(lease.matches("[0-9a-f]{16}-[0-9a-f]{32}"), "no lease has the id '" + lease + "'");
    }
    return call.on(leases).stream().map(Settled::valueOf).toList();
  }
}
