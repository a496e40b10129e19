package dev.dormouse.loadtest.simulations;

import dev.dormouse.loadtest.figures.Tick;
import dev.dormouse.loadtest.figures.Times;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/// What we measure ourselves beside Gatling, which knows milliseconds only and counts from the
/// send, not from the plan: times in microseconds that can be added to those of other processes,
/// and how things stand each second. Safe for any thread.
final class Gauge {
  /// From the planned time to the answer.
  private final Times waits = new Times();

  /// From the planned time to the send.
  private final Times lags = new Times();

  /// From another's planned time until Gatling had the message, to the millisecond.
  private final Times relays = new Times();

  private final Times allWaits = new Times();
  private final Times allLags = new Times();
  private final LongAdder open = new LongAdder();
  private final LongAdder refused = new LongAdder();
  private final LongAdder sent = new LongAdder();
  private final LongAdder answered = new LongAdder();
  private final LongAdder failed = new LongAdder();
  private final LongAdder wrong = new LongAdder();
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(Thread.ofPlatform().daemon().factory());
  private final Optional<PrintStream> out;

  /// @param out gets a line a second
  Gauge(Optional<Path> out) {
    this.out = out.map(Gauge::writing);
  }

  private static PrintStream writing(Path file) {
    try {
      return new PrintStream(Files.newOutputStream(file), true, StandardCharsets.US_ASCII);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Microseconds since 1970.
  static long now() {
    return ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now());
  }

  void start() {
    var _ = timer.scheduleAtFixedRate(this::tick, 1, 1, TimeUnit.SECONDS);
  }

  private synchronized void tick() {
    Runtime runtime = Runtime.getRuntime();
    String newWaits = waits.takeEncoded();
    String newLags = lags.takeEncoded();
    allWaits.add(newWaits);
    allLags.add(newLags);
    Tick tick =
        new Tick(
            System.currentTimeMillis() / 1_000,
            open.sum(),
            0,
            refused.sum(),
            0,
            sent.sum(),
            answered.sum(),
            failed.sum(),
            wrong.sum(),
            runtime.totalMemory() - runtime.freeMemory(),
            newWaits,
            newLags);
    out.ifPresent(to -> to.println(tick.json()));
  }

  /// Writes the last line, and what came out.
  void end(String what) {
    timer.shutdown();
    tick();
    out.ifPresent(PrintStream::close);
    System.out.printf(
        "%s: %d asked, %d answered, %d wrong, %d users failed%n",
        what, sent.sum(), answered.sum(), wrong.sum(), failed.sum());
    print("  from the planned time to the answer", allWaits);
    print("  from the planned time to the send (our own lag)", allLags);
    if (relays.count() > 0) {
      print("  from another's planned time until it was here (steps of 1 ms)", relays);
    }
  }

  private static void print(String what, Times times) {
    System.out.printf(
        "%s: %d times, p50 %.2f ms, p99 %.2f ms, p99.9 %.2f ms, at most %.2f ms%n",
        what,
        times.count(),
        times.percentile(50) / 1e3,
        times.percentile(99) / 1e3,
        times.percentile(99.9) / 1e3,
        times.max() / 1e3);
  }

  void opened() {
    open.increment();
  }

  void gone() {
    open.decrement();
  }

  void refused() {
    refused.increment();
  }

  /// @param planned in microseconds since 1970
  void sent(long planned) {
    lags.add(now() - planned);
    sent.increment();
  }

  void answered(long planned) {
    waits.add(now() - planned);
    answered.increment();
  }

  void wrong() {
    wrong.increment();
  }

  void failed() {
    failed.increment();
  }

  /// @param arrived in milliseconds since 1970
  void relayed(long planned, long arrived) {
    relays.add(arrived * 1_000 - planned);
  }

  /// Between now and `planned`, none if that has passed; rounded up, since Gatling cuts what is
  /// less than a millisecond, and an action must not come before its time.
  static Duration until(long planned) {
    return Duration.ofMillis(Math.ceilDiv(Math.max(0, planned - now()), 1_000));
  }
}
