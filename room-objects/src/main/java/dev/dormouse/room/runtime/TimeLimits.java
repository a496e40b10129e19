package dev.dormouse.room.runtime;

import dev.dormouse.room.RoomException.RoomReset;
import dev.dormouse.room.spi.Execution;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// How long a turn and a critical section may keep the gate (T5, T7), and work after a reply may
/// take (T9): over its limit, the incarnation ends. At most one timer watches whoever has the gate.
///
/// Fields are guarded by the room's lock.
final class TimeLimits {
  private final RoomHost host;
  private Execution.@Nullable Timer timer;

  TimeLimits(RoomHost host) {
    this.host = host;
  }

  /// Somebody has got the gate and is to be watched. Under the lock.
  void watch() {
    if (timer == null) {
      timer = host.node.execution().schedule(host.namespace.limits().turn(), this::check);
    }
  }

  /// The room falls asleep: nobody is to be watched. Under the lock.
  void cancel() {
    if (timer != null) {
      timer.cancel();
    }
  }

  private void check() {
    synchronized (host) {
      timer = null;
      Activation owner = host.handlers.withBaton();
      if (owner == null) {
        return;
      }
      long now = host.node.execution().nanoTime();
      long left = Long.MAX_VALUE;
      Turn turn = owner.turn;
      if (turn != null) {
        left = host.namespace.limits().turn().toNanos() - (now - turn.startedAt);
      }
      if (owner.criticalDepth > 0) {
        left =
            Math.min(
                left,
                host.namespace.limits().criticalSection().toNanos() - (now - owner.criticalSince));
      }
      if (left <= 0) {
        over(owner, turn != null ? "a turn" : "a critical section");
      } else if (left != Long.MAX_VALUE) {
        timer = host.node.execution().schedule(Duration.ofNanos(left), this::check);
      }
    }
    host.node.outlet().release(host);
  }

  /// Work after a reply has used up its time.
  void expire(Activation activation) {
    synchronized (host) {
      if (host.handlers.contains(activation) && !activation.dead) {
        over(activation, "work after a reply");
      }
    }
    host.node.outlet().release(host);
  }

  private void over(Activation activation, String what) {
    host.node.observer().overLimit(host.id, what);
    host.incarnations.end(
        RoomReset.Reason.OVER_LIMIT, what + " of " + host.id + " took longer than its limit", null);
    host.readiness.failed(activation.starting);
    host.draining.wake();
  }
}
