package dev.dormouse.room.runtime;

import dev.dormouse.room.Work;
import dev.dormouse.room.spi.Execution;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// A volatile timer of a room: gone with its incarnation (T9). Guarded by the room's lock.
final class RoomTimer {
  private final Incarnation incarnation;
  private final Work<?, ?> work;
  private Execution.@Nullable Timer timer;
  private boolean stopped;

  RoomTimer(Incarnation incarnation, Work<?, ?> work) {
    this.incarnation = incarnation;
    this.work = work;
  }

  void set(Duration delay) {
    synchronized (incarnation.host) {
      if (!stopped && incarnation.end == null) {
        incarnation.timers.add(this);
        timer = incarnation.host.node.execution().schedule(delay, this::fire);
      }
    }
  }

  void stop() {
    synchronized (incarnation.host) {
      stopped = true;
      incarnation.timers.remove(this);
      if (timer != null) {
        timer.cancel();
      }
    }
  }

  private void fire() {
    Item due =
        new Item.Deferred(
            incarnation,
            () -> {
              synchronized (incarnation.host) {
                if (stopped) {
                  return null;
                }
              }
              return work.run();
            },
            false);
    synchronized (incarnation.host) {
      if (!stopped) {
        // In one step, or the room could fall asleep in between.
        incarnation.timers.remove(this);
        var _ = incarnation.host.arrivals.arrive(due);
      }
    }
  }
}
