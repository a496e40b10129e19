package dev.dormouse.hibernation;

import dev.dormouse.room.spi.Execution;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Looks at things now and then, to the second: a million of them cost one timer, and a few bytes
/// each.
///
/// A thing is looked at when it wanted to be, says when it wants to be looked at again, and is put
/// into the slot of that second. Nothing is moved or taken out in between: what happened meanwhile
/// is seen at the next look, which may then just name a later second. Things that came in at
/// different times so stay spread.
///
/// The timer runs only while there is something to look at. Looks happen one at a time, on threads
/// that the timer starts for them.
final class Wheel {
  private static final Logger LOG = LoggerFactory.getLogger(Wheel.class);

  /// A power of two. What wants to be looked at later than this is looked at in between.
  private static final int SLOTS = 64;

  private static final long TICK = Duration.ofSeconds(1).toNanos();

  /// How many looks a thread takes.
  private static final int STRETCH = 1_024;

  /// Something to be looked at.
  interface Entry {
    /// Not to be looked at again.
    int OVER = -1;

    /// Must not block for long.
    ///
    /// @param now the tick
    /// @return the tick at which to look again, or [#OVER]
    int look(int now);
  }

  private final Execution execution;
  private final long origin;

  /// Guarded by this.
  private final List<List<Entry>> slots = new ArrayList<>(SLOTS);

  /// How many entries are in slots. Guarded by this.
  private int size;

  /// Whether a timer is set or a turn under way. Guarded by this.
  private boolean armed;

  /// Guarded by this.
  private boolean stopped;

  /// The tick of the last turn; stands still while there is nothing to look at. Written under the
  /// lock.
  private volatile int now;

  Wheel(Execution execution) {
    this.execution = execution;
    this.origin = execution.nanoTime();
    for (int i = 0; i < SLOTS; i++) {
      slots.add(new ArrayList<>(0));
    }
  }

  /// Milliseconds since this wheel was made.
  long millis() {
    return (execution.nanoTime() - origin) / 1_000_000;
  }

  /// The present tick, as far as anybody in the wheel can tell; costs no look at the clock.
  int now() {
    return now;
  }

  /// Looks at `entry` for the first time `after` ticks from now.
  ///
  /// @return the present tick
  synchronized int add(Entry entry, int after) {
    if (stopped) {
      return now;
    }
    if (!armed) {
      now = tick();
    }
    put(entry, now + after);
    arm();
    return now;
  }

  /// Forgets everything, and takes in nothing from now on.
  synchronized void stop() {
    stopped = true;
    slots.forEach(List::clear);
    size = 0;
  }

  synchronized int size() {
    return size;
  }

  private int tick() {
    return (int) ((execution.nanoTime() - origin) / TICK);
  }

  /// Under the lock.
  private void put(Entry entry, int when) {
    slots.get(Math.clamp(when, now + 1, now + SLOTS - 1) & (SLOTS - 1)).add(entry);
    size++;
  }

  /// Under the lock.
  private void arm() {
    if (!armed && size > 0) {
      armed = true;
      long wait = (now + 1) * TICK - (execution.nanoTime() - origin);
      execution.schedule(
          Duration.ofNanos(Math.max(wait, 1)), () -> execution.start("wheel", this::turn));
    }
  }

  private void turn() {
    look(due(), 0);
  }

  /// Looks at some, and leaves the rest to the next thread: a long turn must not keep others off
  /// the processor.
  private void look(List<Entry> due, int from) {
    int to = Math.min(from + STRETCH, due.size());
    for (Entry entry : due.subList(from, to)) {
      int next = look(entry, now);
      if (next != Entry.OVER) {
        synchronized (this) {
          if (!stopped) {
            put(entry, next);
          }
        }
      }
    }
    if (to < due.size()) {
      execution.start("wheel", () -> look(due, to));
      return;
    }
    synchronized (this) {
      armed = false;
      arm();
    }
  }

  /// Moves on to the present and takes out what has fallen due, also in seconds that were missed.
  private synchronized List<Entry> due() {
    int to = tick();
    List<Entry> due = new ArrayList<>();
    for (int at = Math.max(now + 1, to - SLOTS + 1); at <= to; at++) {
      due.addAll(slots.get(at & (SLOTS - 1)));
      slots.set(at & (SLOTS - 1), new ArrayList<>(0));
    }
    size -= due.size();
    now = Math.max(now, to);
    return due;
  }

  private static int look(Entry entry, int now) {
    try {
      return entry.look(now);
    } catch (RuntimeException | Error e) {
      LOG.atError().setCause(e).log("something in the wheel failed and is not looked at again");
      return Entry.OVER;
    }
  }
}
