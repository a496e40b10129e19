package dev.dormouse.server.limits;

import dev.dormouse.room.spi.Execution;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Ends what does not get on, and, where memory is full, what takes most of it.
///
/// Whoever sends or reads, however slowly, goes on as long as [#PIECE] bytes of it move in [#TIME]
/// seconds, or a rest that is smaller: 270 bytes a second, less than the worst of networks carries.
/// How long it takes in all does not matter. Where much waits already the time is [#PRESSED].
///
/// For the thread of its looks, of which there is one at a time.
public final class Patience {
  static final int TIME = 60;
  static final int PRESSED = 10;
  static final int PIECE = 16 * 1024;

  private static final Logger LOG = LoggerFactory.getLogger(Patience.class);

  private final Burden burden;
  private final Ticks ticks;
  private final Execution execution;
  private final LongAdder ended = new LongAdder();
  private final AtomicBoolean looking = new AtomicBoolean();

  /// When everything was last looked at; for the timers' thread.
  private int looked;

  /// Those who stand still go first, then the largest, then the oldest.
  private static final Comparator<Holding> ORDER =
      Comparator.comparing((Holding it) -> !it.what.stands)
          .thenComparingLong(it -> -it.bytes)
          .thenComparingInt(it -> it.what.begun);

  /// What one held when it was looked at: what is sorted must not change meanwhile.
  private record Holding(Unfinished what, long bytes) {}

  public Patience(Burden burden, Ticks ticks, Execution execution) {
    this.burden = burden;
    this.ticks = ticks;
    this.execution = execution;
  }

  /// How many were ended.
  public LongAdder ended() {
    return ended;
  }

  /// Has everything looked at once a second, and more often while memory is full; to be called at
  /// each tick.
  public void tick() {
    boolean due = ticks.now() - looked >= Ticks.SECOND;
    if ((due || burden.full()) && looking.compareAndSet(false, true)) {
      looked = due ? ticks.now() : looked;
      execution.start(
          "patience",
          () -> {
            try {
              look(due);
            } finally {
              looking.set(false);
            }
          });
    }
  }

  private void look(boolean due) {
    if (due) {
      int now = ticks.now();
      int time = (burden.heavy() ? PRESSED : TIME) * Ticks.SECOND;
      for (Unfinished each : burden.unfinished()) {
        if (standsStill(each, now, time)) {
          end(each, Unfinished.Why.SLOW);
        }
      }
    }
    burden.weigh();
    if (burden.full()) {
      relieve();
    }
  }

  private static boolean standsStill(Unfinished one, int now, int time) {
    if (one.holds() == 0) {
      one.known = false;
      one.stands = false;
      one.given = false;
      return false;
    }
    long moved = one.moved();
    one.stands = one.known && moved == one.last;
    one.last = moved;
    if (!one.known) {
      one.known = true;
      one.begun = now;
      one.since = now;
      one.mark = moved;
    }
    if (moved - one.mark >= PIECE) {
      one.since = now;
      one.mark = moved;
    }
    return now - one.since >= time && !one.given;
  }

  /// Ends so many that what is left is as much as may wait.
  private void relieve() {
    List<Holding> all = new ArrayList<>();
    for (Unfinished each : burden.unfinished()) {
      long bytes = each.holds();
      if (bytes > 0) {
        all.add(new Holding(each, bytes));
      }
    }
    all.sort(ORDER);
    long excess = burden.weight() - burden.most();
    int count = 0;
    for (Holding each : all) {
      if (excess <= 0) {
        break;
      }
      excess -= each.bytes;
      end(each.what, Unfinished.Why.FULL);
      count++;
    }
    LOG.warn("{} clients were cut off, since too much waited in memory (--queue-memory)", count);
  }

  private void end(Unfinished one, Unfinished.Why why) {
    if (!one.given) {
      ended.increment();
      one.given = true;
    }
    try {
      one.end(why);
    } catch (RuntimeException | Error e) {
      LOG.error("a client could not be cut off", e);
    }
  }
}
