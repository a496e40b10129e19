package dev.dormouse.loadtest.sagas;

import dev.dormouse.loadtest.Meter;
import dev.dormouse.loadtest.Pause;
import dev.dormouse.loadtest.Span;
import dev.dormouse.loadtest.WireException;
import dev.dormouse.loadtest.figures.Times;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/// Has a number of clients run one saga after the other, of which every second is refused.
///
/// @param round tells sagas and draws of different calls apart
/// @param clients how many sagas are under way at once
/// @param objects how many objects there are to draw from
record Drive(int round, int clients, int objects, Duration warmUp, Duration measured) {

  /// What the sagas that ended in the measured time cost; all that began are waited for and entered
  /// into `ledger`.
  ///
  /// @throws WireException if any was answered wrongly
  Sample run(Side side, Ledger ledger) throws IOException {
    List<Caller> callers = new ArrayList<>();
    try (ExecutorService threads =
        Executors.newThreadPerTaskExecutor(Thread.ofPlatform().factory())) {
      for (int i = 0; i < clients; i++) {
        callers.add(side.caller(i));
      }
      Clock clock = new Clock();
      List<Future<?>> running = new ArrayList<>();
      for (int i = 0; i < clients; i++) {
        Caller caller = callers.get(i);
        int number = i;
        running.add(
            threads.submit(() -> {
              converse(number, caller, ledger, clock);
              return null;
            }));
      }
      try {
        return measure(side, clock);
      } finally {
        clock.phase = Phase.OVER;
        await(running);
      }
    } finally {
      for (Caller caller : callers) {
        caller.close();
      }
    }
  }

  private enum Phase {
    WARM_UP,
    MEASURED,
    OVER
  }

  /// What the clients and the one who measures share.
  private static final class Clock {
    final Times times = new Times();

    volatile Phase phase = Phase.WARM_UP;
  }

  private void converse(int number, Caller caller, Ledger ledger, Clock clock) throws IOException {
    SplittableRandom random = new SplittableRandom(31L * round + number);
    try {
      for (int i = 0; clock.phase != Phase.OVER; i++) {
        String id = "r%d-%d".formatted(round, i);
        Order order = Order.draw(id, (i + number) % 2 == 1, objects, random);
        long began = System.nanoTime();
        boolean completed = caller.run(order);
        long took = System.nanoTime() - began;
        if (completed == order.refused()) {
          throw new WireException(order + (completed ? " was completed" : " was compensated"));
        }
        if (clock.phase == Phase.MEASURED) {
          clock.times.add(took / 1_000);
        }
        ledger.ended(order);
      }
    } catch (IOException | RuntimeException e) {
      clock.phase = Phase.OVER;
      throw e;
    }
  }

  private Sample measure(Side side, Clock clock) throws IOException {
    pause(warmUp, clock);
    Meter all = new Meter(side.processes());
    Meter services = new Meter(side.services());
    Work workBefore = side.work();
    Meter.Reading before = all.read();
    Meter.Reading servicesBefore = services.read();
    begin(clock);
    pause(measured, clock);
    Meter.Reading after = all.read();
    Meter.Reading servicesAfter = services.read();
    Work workAfter = side.work();
    long count = clock.times.count();
    if (count == 0) {
      throw new WireException("no saga ended in " + measured);
    }
    Span span = all.between(before, after);
    return new Sample(
        count / span.seconds(),
        clock.times.percentile(50) / 1e3,
        clock.times.percentile(99) / 1e3,
        span.serverCpu().orElse(Double.NaN) * 1e3 / count,
        services.between(servicesBefore, servicesAfter).serverCpu().orElse(Double.NaN)
            * 1e3
            / count,
        workAfter.since(workBefore, count),
        span.otherCores().orElse(Double.NaN),
        (after.own() - before.own()) / span.seconds());
  }

  private static void begin(Clock clock) {
    if (clock.phase == Phase.WARM_UP) {
      clock.phase = Phase.MEASURED;
    }
  }

  /// Ends early when a client has failed.
  private static void pause(Duration time, Clock clock) {
    long end = System.nanoTime() + time.toNanos();
    while (clock.phase != Phase.OVER && System.nanoTime() < end) {
      long left = Math.min(50_000_000, end - System.nanoTime());
      if (left > 0) {
        Pause.of(Duration.ofNanos(left));
      }
    }
  }

  /// Throws the first failure of a client; the others follow from it.
  private static void await(List<Future<?>> running) {
    for (Future<?> one : running) {
      try {
        one.get();
      } catch (ExecutionException e) {
        throw new WireException("a client failed: " + e.getCause(), e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new WireException("interrupted while clients ended", e);
      }
    }
  }

  /// The figures of one round.
  ///
  /// @param rate sagas a second
  /// @param p50 ms from the order to the word of its end
  /// @param cpu ms of all server processes for each saga; not a number where unknown
  /// @param services the part of it that the user's code took in a process of its own
  /// @param work for each saga
  /// @param others cores that others used meanwhile
  /// @param client cores that this process used
  record Sample(
      double rate,
      double p50,
      double p99,
      double cpu,
      double services,
      Work work,
      double others,
      double client) {}
}
