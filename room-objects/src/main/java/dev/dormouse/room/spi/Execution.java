package dev.dormouse.room.spi;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/// Every thread, clock, timer and wait of the runtime (X1).
///
/// The real one uses virtual threads and the system clock. The test one lets exactly one thread run
/// at a time, in an order drawn from a seed, with a clock of its own: the same seed gives the same
/// run.
public interface Execution extends InstantSource {

  /// Runs `work` on a new thread that may block. Never throws; `work` must not either.
  void start(String name, Runnable work);

  /// A one-shot signal that threads of this execution can wait for.
  Signal signal();

  /// Runs `work`, which must not block, once `delay` has passed.
  Timer schedule(Duration delay, Runnable work);

  /// Interrupts `thread`, if it waits in one of this execution's signals or blocks by itself.
  void interrupt(Thread thread);

  /// Time for measuring durations, in nanoseconds from an arbitrary origin.
  long nanoTime();

  @Override
  Instant instant();

  /// A named place where tests may switch threads, delay, throw, or halt the process. Does nothing
  /// in production.
  void failpoint(String name);

  /// Something that can be called off.
  interface Timer {
    /// Without effect if the work has begun.
    void cancel();
  }

  /// Waits for one thing to happen once.
  interface Signal {
    /// Blocks until [#complete] has been called, also if that was before.
    ///
    /// @throws InterruptedException if the waiting thread is interrupted
    void await() throws InterruptedException;

    /// Waits for at most `limit`; says whether the signal came.
    boolean await(Duration limit) throws InterruptedException;

    /// Wakes whoever waits. Never blocks; may be called again, from any thread.
    void complete();
  }
}
