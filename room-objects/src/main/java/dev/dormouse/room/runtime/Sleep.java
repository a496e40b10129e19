package dev.dormouse.room.runtime;

import dev.dormouse.room.spi.ConnectionRecord;
import dev.dormouse.room.spi.ConnectionRecords;
import dev.dormouse.room.spi.Execution;
import dev.dormouse.room.spi.KeptAwake;
import dev.dormouse.room.spi.KeptAwake.Condition;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Lets an idle room fall asleep (H1): takes the gate, writes the records of its connections that
/// have changed, looks again, and takes the room out of the directory. Whatever comes meanwhile
/// waits at the gate and keeps the room.
///
/// Fields are guarded by the room's lock.
final class Sleep {
  /// What is left of the idle time where many rooms are awake is this part of it.
  private static final int CROWDED = 10;

  private final RoomHost host;
  private final long idleNanos;

  /// On the execution's nano clock.
  private long lastUse;

  private Execution.@Nullable Timer timer;

  /// Who waits for an attempt to end: told what kept the room awake, nothing if it sleeps.
  private final List<Consumer<List<KeptAwake>>> asked = new ArrayList<>(0);

  private boolean falling;

  /// The gate's baton while the room falls asleep, and afterwards nobody's.
  private InputGate.Baton baton = new InputGate.Baton();

  Sleep(RoomHost host) {
    this.host = host;
    idleNanos = host.namespace.limits().idle().toNanos();
  }

  /// The room is being used.
  void used() {
    lastUse = host.node.execution().nanoTime();
    if (timer == null) {
      arm(idle());
    }
  }

  /// How long nothing has come for the room and nothing keeps it awake, in nanoseconds; negative if
  /// something does.
  long idleFor() {
    synchronized (host) {
      return falling || !Busy.reasons(host).isEmpty()
          ? -1
          : host.node.execution().nanoTime() - lastUse;
    }
  }

  /// Shorter where many are awake.
  private long idle() {
    return host.node.directory().isCrowded() ? idleNanos / CROWDED : idleNanos;
  }

  private void arm(long nanos) {
    timer = host.node.execution().schedule(Duration.ofNanos(nanos), this::ring);
  }

  /// At most one timer is set for a room, and moved on only when it rings.
  private void ring() {
    host.node.execution().failpoint("room.may-sleep");
    synchronized (host) {
      timer = null;
      if (host.readiness.isAsleep()) {
        return;
      }
      long left = left();
      if (left > 0) {
        arm(left);
      } else if (!begin()) {
        arm(idleNanos);
      }
    }
  }

  private long left() {
    return idle() - (host.node.execution().nanoTime() - lastUse);
  }

  /// Why the room does not sleep, every reason there is; empty if it could.
  List<KeptAwake> reasons() {
    List<KeptAwake> reasons = Busy.reasons(host);
    long left = left();
    if (left > 0) {
      long millis = Math.ceilDiv(left, 1_000_000);
      reasons.add(
          new KeptAwake(
              Condition.RECENTLY_USED,
              millis,
              "it was used lately and may sleep in %,d ms".formatted(millis)));
    }
    if (falling) {
      reasons.add(
          new KeptAwake(
              Condition.FALLING_ASLEEP,
              1,
              "it is falling asleep: records of its connections are being written"));
    }
    return reasons;
  }

  /// Tries to fall asleep without waiting for the idle time; `then` is told, outside of the lock,
  /// what it was that kept the room awake, nothing if it sleeps.
  void now(Consumer<List<KeptAwake>> then) {
    List<KeptAwake> busy;
    synchronized (host) {
      busy = Busy.reasons(host);
      if (falling || (busy.isEmpty() && !host.readiness.isAsleep())) {
        asked.add(then);
        if (falling || begin()) {
          return;
        }
        asked.remove(then);
      }
    }
    then.accept(busy);
  }

  private boolean begin() {
    if (falling || !Busy.reasons(host).isEmpty() || host.node.isStopping()) {
      return false;
    }
    // Keeps everybody out meanwhile.
    baton = new InputGate.Baton();
    host.gate.take(baton);
    falling = true;
    var _ = write().whenComplete((_, error) -> end(error));
    return true;
  }

  /// A room that has neither rows nor connections leaves no trace (S6).
  private CompletableFuture<?> write() {
    ConnectionRecords records = host.node.records();
    Roster roster = host.roster;
    if (!host.waking.isDone()) {
      return CompletableFuture.completedFuture(null);
    }
    RoomView view = host.viewOrNull();
    if (roster.size() == 0 && view != null && view.isEmpty()) {
      return records.forget(host.id);
    }
    List<ConnectionRecord> changed = roster.changed();
    List<Long> gone = roster.gone();
    List<CompletableFuture<?>> writes = new ArrayList<>();
    for (int i = 0; i < Math.max(changed.size(), gone.size()); i += ConnectionRecords.CHUNK) {
      writes.add(records.save(host.id, chunk(changed, i), chunk(gone, i)));
    }
    long now = host.node.execution().instant().toEpochMilli();
    writes.add(records.sleeps(host.id, roster.slept(now, host.id.name().orElse(null))));
    return CompletableFuture.allOf(writes.toArray(CompletableFuture<?>[]::new));
  }

  private static <T> List<T> chunk(List<T> all, int from) {
    int start = Math.min(from, all.size());
    return all.subList(start, Math.min(start + ConnectionRecords.CHUNK, all.size()));
  }

  private void end(@Nullable Throwable error) {
    List<KeptAwake> reasons;
    List<Consumer<List<KeptAwake>>> waiting;
    synchronized (host) {
      falling = false;
      if (error == null) {
        host.roster.written();
      }
      reasons = error == null ? vanish() : List.of(notWritten(error));
      if (reasons.isEmpty()) {
        if (timer != null) {
          timer.cancel();
          timer = null;
        }
      } else {
        stay();
        used();
      }
      waiting = List.copyOf(asked);
      asked.clear();
    }
    waiting.forEach(each -> each.accept(reasons));
    if (error != null) {
      host.node.observer().runtimeFailed("writing the connections of " + host.id, error);
    } else if (reasons.isEmpty()) {
      host.node.observer().roomFellAsleep(host.id);
    }
  }

  /// Takes the room out of the memory and the directory, unless something keeps it there by now:
  /// then it says what, and nothing has changed.
  private List<KeptAwake> vanish() {
    List<KeptAwake> busy = Busy.reasons(host);
    if (busy.isEmpty()) {
      host.readiness.sleeps();
      host.incarnations.sleeps();
      host.timeLimits.cancel();
      host.weight.leaves();
      host.node.directory().remove(host);
    }
    return busy;
  }

  /// The room stays awake after all.
  private void stay() {
    if (hasGate()) {
      host.gate.open();
      host.draining.wake();
    }
  }

  /// Whether it is the falling asleep that keeps the gate shut.
  boolean hasGate() {
    return host.gate.isHeldBy(baton);
  }

  private static KeptAwake notWritten(Throwable error) {
    return new KeptAwake(
        Condition.FALLING_ASLEEP,
        1,
        "the records of its connections could not be written: " + error.getMessage());
  }
}
