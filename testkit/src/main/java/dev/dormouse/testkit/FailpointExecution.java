package dev.dormouse.testkit;

import dev.dormouse.room.runtime.SystemExecution;
import dev.dormouse.room.spi.Execution;
import java.time.Duration;
import java.time.Instant;

/// The real execution, with failpoints that a test decides on.
public abstract class FailpointExecution implements Execution {
  private final Execution real = new SystemExecution();

  /// What happens at the failpoint; what is thrown is thrown there.
  @Override
  public abstract void failpoint(String name);

  @Override
  public void start(String name, Runnable work) {
    real.start(name, work);
  }

  @Override
  public Signal signal() {
    return real.signal();
  }

  @Override
  public Timer schedule(Duration delay, Runnable work) {
    return real.schedule(delay, work);
  }

  @Override
  public void interrupt(Thread thread) {
    real.interrupt(thread);
  }

  @Override
  public long nanoTime() {
    return real.nanoTime();
  }

  @Override
  public Instant instant() {
    return real.instant();
  }
}
