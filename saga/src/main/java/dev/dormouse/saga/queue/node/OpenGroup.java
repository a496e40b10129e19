package dev.dormouse.saga.queue.node;

import dev.dormouse.room.spi.Execution;
import dev.dormouse.saga.Queue;
import dev.dormouse.saga.queue.Backoff;
import dev.dormouse.saga.queue.GroupSettings;
import dev.dormouse.saga.queue.GroupStatus;
import dev.dormouse.saga.queue.Moved;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// A consumer group in this process: what its room is called for, and who waits for its messages.
/// Thread-safe.
final class OpenGroup {
  /// Nothing is known of the group since the process began.
  static final long UNKNOWN = -1;

  private static final long LATE_MILLIS = 30_000;

  private final Queue.Group declaration;
  private final GroupSettings settings;
  private final Supplier<GroupCalls> room;
  private final Driver driver;
  private final Execution execution;
  private final QueueObserver observer;
  private final Set<Execution.Signal> waiting = ConcurrentHashMap.newKeySet();

  /// As of the last durable turn of its room; written by that, read by the sweep and by metrics.
  private volatile @Nullable GroupStatus status;

  private volatile long next = Long.MAX_VALUE;

  /// Since when messages wait for others to fill a batch, in milliseconds; 0 while none do. Here,
  /// since the room may sleep meanwhile; guarded by its turns.
  private volatile long holding;

  OpenGroup(
      String queue,
      Queue.Group declaration,
      Supplier<GroupCalls> room,
      BooleanSupplier closed,
      Execution execution,
      QueueObserver observer) {
    this.declaration = declaration;
    this.settings = settings(queue, declaration);
    this.room = room;
    this.execution = execution;
    this.observer = observer;
    this.driver =
        new Driver(
            "group " + queue + "/" + declaration.name(),
            () -> room.get().work(),
            closed,
            execution);
  }

  private static GroupSettings settings(String queue, Queue.Group group) {
    return new GroupSettings(
        queue,
        group.name(),
        group.lease(),
        group.retries(),
        new Backoff(group.backoff(), group.factor(), group.backoffCap()),
        group.deadLetters(),
        group.window(),
        group.rememberedKeys(),
        group.maxAge());
  }

  Queue.Group declaration() {
    return declaration;
  }

  GroupSettings settings() {
    return settings;
  }

  /// The group's room; calls block.
  GroupCalls room() {
    return room.get();
  }

  /// There may be something to do for its room.
  void poke() {
    driver.poke();
  }

  /// There may be something to hand out.
  void changed() {
    for (Execution.Signal each : waiting) {
      each.complete();
    }
  }

  /// Is completed at the next [#changed]. To be given back with [#leave].
  Execution.Signal await() {
    Execution.Signal signal = execution.signal();
    waiting.add(signal);
    return signal;
  }

  void leave(Execution.Signal signal) {
    waiting.remove(signal);
  }

  /// Messages wait for others to fill a batch, since `now` if they did not already.
  long holdingSince(long now) {
    if (holding == 0) {
      holding = now;
    }
    return holding;
  }

  /// No message waits for others any more.
  void handedOut() {
    holding = 0;
  }

  /// A turn of its room is durable.
  ///
  /// @param next when its room's alarm is to ring
  void report(GroupStatus status, Moved moved, long next) {
    this.status = status;
    this.next = next;
    if (moved.isNothing()) {
      return;
    }
    String queue = settings.queue();
    String group = settings.group();
    if (moved.delivered() > 0) {
      observer.delivered(queue, group, moved.delivered(), moved.again());
    }
    if (moved.acked() > 0) {
      observer.acknowledged(queue, group, moved.acked());
    }
    if (moved.dead() > 0) {
      observer.deadLettered(queue, group, moved.dead());
    }
  }

  /// Whether its room's alarm should have rung for long: it was given up, since the disk was full
  /// say.
  boolean isLate(long now) {
    return next < now - LATE_MILLIS;
  }

  /// Empty before the first durable turn of its room in this process.
  Optional<GroupStatus> status() {
    return Optional.ofNullable(status);
  }

  long lowWater() {
    GroupStatus known = status;
    return known == null ? UNKNOWN : known.lowWater();
  }

  long position() {
    GroupStatus known = status;
    return known == null ? UNKNOWN : known.position();
  }
}
