package dev.dormouse.hibernation;

import dev.dormouse.room.spi.Execution;
import java.time.Duration;
import java.time.Instant;

/// Runs what is started at once, on the caller's thread. Has no timers.
final class InlineExecution implements Execution {
  @Override
  public void start(String name, Runnable work) {
    work.run();
  }

  @Override
  public Signal signal() {
    throw new UnsupportedOperationException("nothing waits here");
  }

  @Override
  public Timer schedule(Duration delay, Runnable work) {
    throw new UnsupportedOperationException("nothing is timed here");
  }

  @Override
  public void interrupt(Thread thread) {
    throw new UnsupportedOperationException("nothing blocks here");
  }

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
