package dev.dormouse.server.parking;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/// Finds the connections of one loop that have been idle for long enough to be parked. Coarse: idle
/// for a whole number of ticks, four to six of them. A connection costs a reference here, moves
/// once in a while, and is not touched when it is used: it notes the tick itself.
///
/// For the loop's thread, but for [#tick].
///
/// @param <E> the transport's endpoints
public final class IdleWheel<E extends ParkingEndPoint> {
  /// How many ticks make the time after which a connection is idle.
  private static final int IDLE = 4;

  private static final int SLOTS = 8;

  private final long length;
  private final boolean on;
  private final List<List<E>> slots = new ArrayList<>(SLOTS);
  private int size;
  private long next;

  /// Written by the loop's thread.
  private volatile int tick;

  /// @param after how long a connection is idle before it is parked; zero for never
  public IdleWheel(Duration after) {
    this.on = !after.isZero();
    this.length = Math.max(after.toNanos() / IDLE, TimeUnit.MILLISECONDS.toNanos(1));
    for (int i = 0; i < SLOTS; i++) {
      slots.add(new ArrayList<>());
    }
  }

  public int tick() {
    return tick;
  }

  /// Watches a connection until it is parked or closed.
  public void watch(E endPoint) {
    if (on) {
      if (size++ == 0) {
        next = System.nanoTime() + length;
      }
      endPoint.used();
      slots.get((tick + IDLE + 1) % SLOTS).add(endPoint);
    }
  }

  /// How long the loop may wait before the next [#turn], in milliseconds; -1 for any time.
  public int patience() {
    if (size == 0) {
      return -1;
    }
    return (int) TimeUnit.NANOSECONDS.toMillis(Math.max(0, next - System.nanoTime())) + 1;
  }

  /// Looks at those whose time has come.
  ///
  /// @param park tries to park one and says whether it is done with
  public void turn(Predicate<E> park) {
    long now = size == 0 ? 0 : System.nanoTime();
    // A loop that is late by more than a round has nothing to gain by catching up.
    for (int i = 0; i < SLOTS && size > 0 && now - next >= 0; i++) {
      next += length;
      look(park);
    }
    if (size > 0 && now - next >= 0) {
      next = now + length;
    }
  }

  private void look(Predicate<E> park) {
    int now = tick + 1;
    tick = now;
    List<E> due = slots.set(now % SLOTS, new ArrayList<>());
    for (E endPoint : due) {
      int idle = now - endPoint.lastUsed();
      if (!endPoint.isOpen() || (idle > IDLE && park.test(endPoint))) {
        size--;
      } else {
        int wait = idle > IDLE ? IDLE : IDLE + 1 - Math.max(idle, 0);
        slots.get((now + wait) % SLOTS).add(endPoint);
      }
    }
  }
}
