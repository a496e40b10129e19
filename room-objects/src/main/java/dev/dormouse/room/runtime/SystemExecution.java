package dev.dormouse.room.runtime;

import dev.dormouse.room.spi.Execution;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/// The real [Execution]: virtual threads, the system clock, and one timer thread.
public final class SystemExecution implements Execution {
  private final ScheduledThreadPoolExecutor timers =
      new ScheduledThreadPoolExecutor(
          1, Thread.ofPlatform().daemon().name("dormouse-timers").factory());

  public SystemExecution() {
    // A cancelled time limit would otherwise hold its room for half a minute.
    timers.setRemoveOnCancelPolicy(true);
  }

  @Override
  public void start(String name, Runnable work) {
    Thread.ofVirtual().name(name).start(work);
  }

  @Override
  public Signal signal() {
    return new LatchSignal();
  }

  @Override
  public Timer schedule(Duration delay, Runnable work) {
    Future<?> timer = timers.schedule(work, Math.max(0, delay.toNanos()), TimeUnit.NANOSECONDS);
    return () -> timer.cancel(false);
  }

  @Override
  public void interrupt(Thread thread) {
    thread.interrupt();
  }

  @Override
  public long nanoTime() {
    return System.nanoTime();
  }

  @Override
  public Instant instant() {
    return Instant.now();
  }

  @Override
  public void failpoint(String name) {}

  private static final class LatchSignal implements Signal {
    private final CountDownLatch latch = new CountDownLatch(1);

    @Override
    public void await() throws InterruptedException {
      latch.await();
    }

    @Override
    public boolean await(Duration limit) throws InterruptedException {
      return latch.await(limit.toNanos(), TimeUnit.NANOSECONDS);
    }

    @Override
    public void complete() {
      latch.countDown();
    }
  }
}
