package dev.dormouse.storage;

import dev.dormouse.testkit.FailpointExecution;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/// An execution whose timers run when the test says so, and whose failpoints throw or hold.
final class Probes extends FailpointExecution {
  private final BlockingQueue<Runnable> timers = new LinkedBlockingQueue<>();
  private final Map<String, RuntimeException> always = new ConcurrentHashMap<>();
  private final Map<String, RuntimeException> once = new ConcurrentHashMap<>();
  private final Map<String, Semaphore> holds = new ConcurrentHashMap<>();
  private final Semaphore held = new Semaphore(0);

  /// Throws `failure` at the failpoint from now on.
  void failAt(String failpoint, RuntimeException failure) {
    always.put(failpoint, failure);
  }

  /// Throws `failure` when the failpoint is passed next.
  void failOnceAt(String failpoint, RuntimeException failure) {
    once.put(failpoint, failure);
  }

  /// Who passes the failpoint next waits for a permit.
  Semaphore holdAt(String failpoint) {
    Semaphore permit = new Semaphore(0);
    holds.put(failpoint, permit);
    return permit;
  }

  /// Waits until a thread is held.
  void awaitHeld() throws InterruptedException {
    if (!held.tryAcquire(30, TimeUnit.SECONDS)) {
      throw new AssertionError("nobody came to the failpoint");
    }
  }

  /// No failpoint throws or holds any more.
  void heal() {
    always.clear();
    once.clear();
    holds.values().forEach(Semaphore::release);
    holds.clear();
  }

  /// Runs the timer that was set first; waits for one to be set.
  void letOneTimerRun() throws InterruptedException {
    Runnable timer = timers.poll(30, TimeUnit.SECONDS);
    if (timer == null) {
      throw new AssertionError("no timer was set");
    }
    timer.run();
  }

  @Override
  public void failpoint(String name) {
    Semaphore hold = holds.remove(name);
    if (hold != null) {
      held.release();
      hold.acquireUninterruptibly();
    }
    RuntimeException first = once.remove(name);
    if (first != null) {
      throw first;
    }
    RuntimeException failure = always.get(name);
    if (failure != null) {
      throw failure;
    }
  }

  @Override
  public Timer schedule(Duration delay, Runnable work) {
    timers.add(work);
    return () -> timers.remove(work);
  }
}
