package dev.dormouse.hibernation;

import dev.dormouse.room.spi.Execution;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// Runs what is started at once, on the caller's thread; time passes when it is told to.
final class ManualExecution implements Execution {
  private final List<Due> timers = new ArrayList<>();
  private long nanos;

  private record Due(long at, Runnable work) implements Timer {
    @Override
    public void cancel() {
      throw new UnsupportedOperationException("nothing is called off here");
    }
  }

  /// Lets time pass, running what falls due in it when it does.
  void pass(Duration time) {
    long until = nanos + time.toNanos();
    Optional<Due> next = next();
    while (next.isPresent() && next.get().at <= until) {
      nanos = Math.max(nanos, next.get().at);
      timers.remove(next.get());
      next.get().work.run();
      next = next();
    }
    nanos = until;
  }

  void passSeconds(int seconds) {
    pass(Duration.ofSeconds(seconds));
  }

  /// Lets time pass while the machine stands still: what falls due runs at the end.
  void freeze(Duration time) {
    nanos += time.toNanos();
    pass(Duration.ZERO);
  }

  private Optional<Due> next() {
    return timers.stream().min(Comparator.comparingLong(Due::at));
  }

  /// How many timers are set.
  int timers() {
    return timers.size();
  }

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
    Due due = new Due(nanos + delay.toNanos(), work);
    timers.add(due);
    return due;
  }

  @Override
  public void interrupt(Thread thread) {
    throw new UnsupportedOperationException("nothing blocks here");
  }

  @Override
  public long nanoTime() {
    return nanos;
  }

  @Override
  public Instant instant() {
    return Instant.EPOCH.plusNanos(nanos);
  }

  @Override
  public void failpoint(String name) {}
}
