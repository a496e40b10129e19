package dev.dormouse.server.access;

import dev.dormouse.room.spi.Execution;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/// A clock that stands still until it is moved. What is started runs when it is let.
final class StillExecution implements Execution {
  static final Instant BEGINNING = Instant.parse("2030-01-01T00:00:00Z");

  private final Deque<Runnable> started = new ArrayDeque<>();
  private final List<Due> timers = new ArrayList<>();
  private Duration passed = Duration.ZERO;

  private record Due(long at, Runnable work) {}

  /// Runs what has fallen due.
  void ring() {
    List<Due> due = timers.stream().filter(each -> each.at <= nanoTime()).toList();
    timers.removeAll(due);
    due.forEach(each -> each.work.run());
  }

  void pass(Duration time) {
    passed = passed.plus(time);
  }

  /// Runs what was started.
  void run() {
    while (!started.isEmpty()) {
      started.removeFirst().run();
    }
  }

  @Override
  public void start(String name, Runnable work) {
    started.add(work);
  }

  @Override
  public Signal signal() {
    throw new UnsupportedOperationException("nothing waits here");
  }

  @Override
  public Timer schedule(Duration delay, Runnable work) {
    long due = nanoTime() + delay.toNanos();
    timers.add(new Due(due, work));
    return () -> {
      throw new UnsupportedOperationException("nothing is called off here");
    };
  }

  @Override
  public void interrupt(Thread thread) {
    throw new UnsupportedOperationException("nothing blocks here");
  }

  @Override
  public long nanoTime() {
    return passed.toNanos();
  }

  @Override
  public Instant instant() {
    return BEGINNING.plus(passed);
  }

  @Override
  public void failpoint(String name) {}
}
