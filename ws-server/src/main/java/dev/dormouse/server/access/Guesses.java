package dev.dormouse.server.access;

import dev.dormouse.room.spi.Execution;
import java.time.Duration;
import java.util.Optional;

/// Slows down whoever guesses: each wrong answer in a row is given later than the one before, up to
/// five seconds, and only a few wait for one at a time; others are not looked at meanwhile. After a
/// minute without a wrong one it is forgotten.
///
/// For any thread.
public final class Guesses {
  private static final Duration FIRST = Duration.ofMillis(100);
  private static final Duration MOST = Duration.ofSeconds(5);
  private static final Duration FORGET = Duration.ofMinutes(1);
  private static final int WAITING = 8;

  private final Execution execution;

  /// Guarded by this, as are the next two.
  private int wrong;

  private int waiting;
  private long last;

  public Guesses(Execution execution) {
    this.execution = execution;
  }

  /// Whether another may be looked at now.
  public synchronized boolean mayGuess() {
    return waiting < WAITING;
  }

  /// A wrong one: answers it later. Empty if too many wait.
  public Optional<Duration> wrong(Runnable answer) {
    Duration delay;
    synchronized (this) {
      if (waiting >= WAITING) {
        return Optional.empty();
      }
      long now = execution.nanoTime();
      if (wrong > 0 && now - last > FORGET.toNanos()) {
        wrong = 0;
      }
      last = now;
      delay = FIRST.multipliedBy(1L << Math.min(wrong, 10));
      delay = delay.compareTo(MOST) > 0 ? MOST : delay;
      wrong++;
      waiting++;
    }
    execution.schedule(
        delay,
        () -> {
          synchronized (this) {
            waiting--;
          }
          answer.run();
        });
    return Optional.of(delay);
  }
}
