package dev.dormouse.room.runtime;

import dev.dormouse.room.spi.Execution;
import java.time.Duration;
import java.time.Instant;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jetbrains.lincheck.Lincheck;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// O1: nothing that has become durable is left behind, whoever asks when. Lincheck tries the
/// interleavings of the outlet's queue, its counter, and each room's mark.
class OutletTest {
  private static final int INTERLEAVINGS = 250;

  @Test
  void O1_what_became_durable_before_a_request_leaves_whatever_the_interleaving() {
    Lincheck.runConcurrentTest(
        INTERLEAVINGS,
        () -> {
          Threads threads = new Threads();
          Outlet outlet = new Outlet(threads);
          FakeRoom ada = new FakeRoom();
          FakeRoom bob = new FakeRoom();
          Thread one = new Thread(() -> ada.becomesDurable(outlet, 1));
          Thread two = new Thread(() -> bob.becomesDurable(outlet, 1));
          one.start();
          two.start();
          ada.becomesDurable(outlet, 2);
          threads.join(one);
          threads.join(two);
          threads.joinAll();
          ada.check();
          bob.check();
        });
  }

  @Test
  void O1_a_request_while_the_room_is_let_go_counts_again() {
    Lincheck.runConcurrentTest(
        INTERLEAVINGS,
        () -> {
          Threads threads = new Threads();
          Outlet outlet = new Outlet(threads);
          FakeRoom room = new FakeRoom();
          Thread one = new Thread(() -> room.becomesDurable(outlet, 1));
          one.start();
          room.becomesDurable(outlet, 2);
          room.becomesDurable(outlet, 4);
          threads.join(one);
          threads.joinAll();
          room.check();
        });
  }

  /// A room of which each bit of a number becomes durable by itself.
  private static final class FakeRoom implements Outlet.Held {
    private final AtomicBoolean inOutlet = new AtomicBoolean();
    private int durable;
    private int left;

    void becomesDurable(Outlet outlet, int bit) {
      synchronized (this) {
        durable |= bit;
      }
      outlet.release(this);
    }

    @Override
    public AtomicBoolean inOutlet() {
      return inOutlet;
    }

    @Override
    public synchronized void release() {
      left = durable;
    }

    // Without AssertJ, whose objects Lincheck cannot compare.
    synchronized void check() {
      if (left != durable || inOutlet.get()) {
        throw new AssertionError("left " + left + " of " + durable + ", queued " + inOutlet);
      }
    }
  }

  /// Starts plain threads, which Lincheck steers.
  private static final class Threads implements Execution {
    private final Queue<Thread> started = new ConcurrentLinkedQueue<>();

    @Override
    public void start(String name, Runnable work) {
      Thread thread = new Thread(work, name);
      started.add(thread);
      thread.start();
    }

    void join(Thread thread) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }

    void joinAll() {
      for (@Nullable Thread next = started.poll(); next != null; next = started.poll()) {
        join(next);
      }
    }

    @Override
    public Signal signal() {
      throw new UnsupportedOperationException("the outlet waits for nothing");
    }

    @Override
    public Timer schedule(Duration delay, Runnable work) {
      throw new UnsupportedOperationException("the outlet sets no timer");
    }

    @Override
    public void interrupt(Thread thread) {}

    @Override
    public long nanoTime() {
      return 0;
    }

    @Override
    public Instant instant() {
      return Instant.EPOCH;
    }

    @Override
    public void failpoint(String name) {}
  }
}
