package dev.dormouse.server.limits;

import dev.dormouse.room.spi.Execution;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A coarse clock: a number that grows ten times a second, and that anybody reads without asking
/// the system what time it is.
///
/// For any thread.
public final class Ticks {
  /// How many make a second.
  public static final int SECOND = 10;

  private static final long LENGTH = TimeUnit.SECONDS.toNanos(1) / SECOND;
  private static final Logger LOG = LoggerFactory.getLogger(Ticks.class);

  private final Execution execution;
  private final long origin;

  /// Run at each tick, on the timers' thread; none blocks. Complete before the start.
  private final List<Runnable> looks = new ArrayList<>();

  /// Written by the timers' thread.
  private volatile int now;

  private volatile boolean stopped;

  /// Who waits for a tick. Guarded by this.
  private final List<Waiting> waiting = new ArrayList<>();

  private record Waiting(int until, Runnable then) {}

  public Ticks(Execution execution) {
    this.execution = execution;
    this.origin = execution.nanoTime();
  }

  /// Has `look` run at each tick; to be called before [#start].
  public void each(Runnable look) {
    looks.add(look);
  }

  public void start() {
    arm();
  }

  /// Nobody who waits is called any more.
  public void stop() {
    stopped = true;
  }

  int now() {
    return now;
  }

  /// Calls `then`, which may read sockets, on a thread of its own as soon as it is that tick.
  synchronized void at(int tick, Runnable then) {
    waiting.add(new Waiting(tick, then));
  }

  private void arm() {
    var _ = execution.schedule(Duration.ofNanos(LENGTH), this::turn);
  }

  private void turn() {
    if (stopped) {
      return;
    }
    now = (int) ((execution.nanoTime() - origin) / LENGTH);
    looks.forEach(Ticks::run);
    List<Runnable> due = due();
    if (!due.isEmpty()) {
      execution.start("ticks", () -> due.forEach(Ticks::run));
    }
    arm();
  }

  private synchronized List<Runnable> due() {
    List<Runnable> due = new ArrayList<>(0);
    for (Iterator<Waiting> each = waiting.iterator(); each.hasNext(); ) {
      Waiting one = each.next();
      if (one.until - now <= 0) {
        due.add(one.then);
        each.remove();
      }
    }
    return due;
  }

  private static void run(Runnable one) {
    try {
      one.run();
    } catch (RuntimeException | Error e) {
      LOG.error("what a tick was to do failed", e);
    }
  }
}
