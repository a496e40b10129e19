package dev.dormouse.server;

import dev.dormouse.testkit.FailpointExecution;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// The real execution, with a failpoint that a test can hold: a disk as slow as it likes.
final class HeldExecution extends FailpointExecution {
  private final AtomicReference<@Nullable Hold> hold = new AtomicReference<>();

  /// Lets nobody pass a failpoint until it is closed, or 30 s are over.
  static final class Hold implements AutoCloseable {
    private final String failpoint;
    private final CountDownLatch opened = new CountDownLatch(1);

    /// How many may still pass. Guarded by this object.
    private int free;

    private Hold(String failpoint, int free) {
      this.failpoint = failpoint;
      this.free = free;
    }

    private synchronized boolean isFree() {
      return free-- > 0;
    }

    @Override
    public void close() {
      opened.countDown();
    }
  }

  /// Holds a failpoint; the first `free` who come by may pass.
  Hold hold(String failpoint, int free) {
    Hold fresh = new Hold(failpoint, free);
    hold.set(fresh);
    return fresh;
  }

  @Override
  public void failpoint(String name) {
    Hold now = hold.get();
    if (now != null && now.failpoint.equals(name) && !now.isFree()) {
      try {
        var _ = now.opened.await(30, TimeUnit.SECONDS);
      } catch (InterruptedException _) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
