package dev.dormouse.server.metrics;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Something that others have to be asked for, who may take their time: a scrape asks, waits for a
/// moment, and does with the last answer if there is no new one. Whoever answered slowly is left
/// alone for nine times as long, so that metrics never take more than a tenth of their time.
/// Thread-safe.
final class Look<T> implements Runnable {
  private static final Logger LOG = LoggerFactory.getLogger(Look.class);
  private static final Duration PATIENCE = Duration.ofMillis(500);
  private static final int LEFT_ALONE = 9;

  private final String what;
  private final Supplier<CompletableFuture<T>> question;
  private final LongSupplier nanoTime;

  /// Replaced whole.
  private volatile T latest;

  private @Nullable CompletableFuture<T> asked; // guarded by this
  private long next; // guarded by this: when to ask again, by nanoTime
  private boolean answered; // guarded by this

  /// @param what is looked at, for the log
  /// @param none what is known before the first answer
  Look(String what, T none, Supplier<CompletableFuture<T>> question, LongSupplier nanoTime) {
    this.what = what;
    this.latest = none;
    this.question = question;
    this.nanoTime = nanoTime;
  }

  T latest() {
    return latest;
  }

  @Override
  public void run() {
    CompletableFuture<T> answer = ask();
    try {
      latest = answer.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException _) {
      // The next scrape may find it.
    } catch (ExecutionException e) {
      LOG.warn("{} could not be looked at for metrics", what, e.getCause());
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized CompletableFuture<T> ask() {
    CompletableFuture<T> last = asked;
    if (last != null && (!last.isDone() || (answered && nanoTime.getAsLong() - next < 0))) {
      return last;
    }
    long began = nanoTime.getAsLong();
    CompletableFuture<T> now = question.get();
    asked = now;
    answered = false;
    var _ = now.whenComplete((_, _) -> leaveAlone(nanoTime.getAsLong(), began));
    return now;
  }

  private synchronized void leaveAlone(long ended, long began) {
    next = ended + LEFT_ALONE * (ended - began);
    answered = true;
  }
}
