package dev.dormouse.room.runtime;

import dev.dormouse.room.spi.Execution;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/// Lets go the output of rooms whose writes have become durable, on one thread of its own, so that
/// neither the store's thread nor a new turn of the room is needed for it.
final class Outlet {
  private final Execution execution;
  private final Queue<Held> rooms = new ConcurrentLinkedQueue<>();

  /// How many rooms are queued or being let go; the thread lives while there are any.
  private final AtomicInteger pending = new AtomicInteger();

  /// A room, as far as the outlet is concerned.
  interface Held {
    /// Whether it waits in the outlet's queue already.
    AtomicBoolean inOutlet();

    /// Lets go what has become durable, on the calling thread.
    void release();
  }

  Outlet(Execution execution) {
    this.execution = execution;
  }

  /// Asks for the room's output to be let go soon. Never blocks.
  void release(Held room) {
    if (!room.inOutlet().compareAndSet(false, true)) {
      return;
    }
    rooms.add(room);
    if (pending.getAndIncrement() == 0) {
      execution.start("outlet", this::run);
    }
  }

  private void run() {
    int taken = 0;
    do {
      Held room = rooms.poll();
      if (room == null) {
        throw new IllegalStateException("the outlet counts rooms that are not there");
      }
      // Before the release: what becomes durable from here on asks again.
      room.inOutlet().set(false);
      room.release();
      taken = 1;
    } while (pending.addAndGet(-taken) > 0);
  }
}
