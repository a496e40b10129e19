package dev.dormouse.storage;

import dev.dormouse.room.runtime.SystemExecution;
import dev.dormouse.room.spi.Execution;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Consumer;

/// The real execution, with failpoints that a test decides on.
///
/// @param failpoints told each failpoint's name; what it throws is thrown there
record FailpointExecution(Consumer<String> failpoints, Execution real) implements Execution {

  FailpointExecution(Consumer<String> failpoints) {
    this(failpoints, new SystemExecution());
  }

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

  @Override
  public void failpoint(String name) {
    failpoints.accept(name);
  }
}
