package dev.dormouse.saga.queue.node;

import dev.dormouse.room.RoomException;
import dev.dormouse.room.spi.Execution;
import dev.dormouse.saga.queue.LogEntry;
import dev.dormouse.saga.queue.LogException;
import dev.dormouse.saga.queue.QueueLog;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Retention: deletes what every group is done with, and has groups give up what is too old or too
/// much. Nothing is deleted that a group has not settled or sent to its dead letters, durably.
///
/// Rooms are left asleep unless there is something for them to do: what they last said is known.
final class Sweep {
  private static final Logger log = LoggerFactory.getLogger(Sweep.class);
  static final String TOO_MUCH = "the queue has grown beyond its limit";

  /// How often in a row a group is called before others get their turn.
  private static final int CALLS = 1_000;

  private final Collection<OpenQueue> queues;
  private final Execution execution;

  /// How many want everything kept.
  private final AtomicInteger keeping = new AtomicInteger();

  Sweep(Collection<OpenQueue> queues, Execution execution) {
    this.queues = queues;
    this.execution = execution;
  }

  /// Keeps all that is there now until what this gives is run.
  Runnable keep() {
    keeping.incrementAndGet();
    AtomicBoolean freed = new AtomicBoolean();
    return () -> {
      if (!freed.getAndSet(true)) {
        keeping.decrementAndGet();
      }
    };
  }

  void start(BooleanSupplier closed) {
    execution.schedule(
        QueueNode.SWEEP,
        () -> {
          if (!closed.getAsBoolean()) {
            execution.start(
                "queue sweep",
                () -> {
                  run();
                  start(closed);
                });
          }
        });
  }

  void run() {
    for (OpenQueue queue : queues) {
      try {
        if (queue.isDeclared()) {
          sweep(queue);
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      } catch (LogException | ExecutionException | RoomException | IllegalStateException e) {
        log.warn("retention of queue '{}' is looked after later", queue.name(), e);
      }
    }
  }

  private void sweep(OpenQueue queue)
      throws LogException, ExecutionException, InterruptedException {
    QueueLog entries = queue.log();
    long now = execution.instant().toEpochMilli();
    for (OpenGroup group : queue.groups().values()) {
      if (group.isLate(now)) {
        group.poke();
      }
      readOn(entries, group, now);
    }
    tooMuch(queue, entries);
    OptionalLong low = queue.groups().values().stream().mapToLong(OpenGroup::lowWater).min();
    Duration keep = queue.declaration().keep();
    // Looked at after the groups: what they had settled before somebody began to keep may go.
    if (keeping.get() > 0) {
      return;
    }
    if (low.isPresent() && low.getAsLong() != OpenGroup.UNKNOWN) {
      entries.delete(low.getAsLong(), Instant.ofEpochMilli(now + 1).minus(keep)).get();
    } else if (queue.groups().isEmpty() && !keep.isZero()) {
      entries.delete(entries.end(), Instant.ofEpochMilli(now + 1).minus(keep)).get();
    }
  }

  /// A group that nobody pulls, or that is paused, gives up what is too old only if it reads it.
  private static void readOn(QueueLog entries, OpenGroup group, long now) {
    for (int calls = 0; calls < CALLS && isOld(entries, group, now); calls++) {
      if (!group.room().readOn()) {
        return;
      }
    }
  }

  private static boolean isOld(QueueLog entries, OpenGroup group, long now) {
    long position = group.position();
    if (position == OpenGroup.UNKNOWN || position >= entries.end()) {
      return false;
    }
    List<LogEntry> next = Ledger.read(entries, position, 1).entries();
    return next.isEmpty()
        || now - next.getFirst().appendedAt() >= group.declaration().maxAge().toMillis();
  }

  private static void tooMuch(OpenQueue queue, QueueLog entries)
      throws ExecutionException, InterruptedException {
    OptionalLong most = queue.declaration().keepBytes();
    if (most.isEmpty()) {
      return;
    }
    long keepFrom = keepFrom(entries.files().get(), most.getAsLong());
    for (OpenGroup group : queue.groups().values()) {
      int calls = 0;
      while (group.lowWater() < keepFrom
          && calls++ < CALLS
          && group.room().giveUpBefore(keepFrom, TOO_MUCH)) {
        // A bounded part each time.
      }
    }
  }

  /// Where the oldest of the newest files begins that together take no more than `most`.
  private static long keepFrom(List<QueueLog.LogFile> files, long most) {
    long bytes = 0;
    long from = files.isEmpty() ? 0 : files.getLast().first();
    for (QueueLog.LogFile file : files.reversed()) {
      bytes += file.bytes();
      if (bytes > most) {
        break;
      }
      from = file.first();
    }
    return from;
  }
}
