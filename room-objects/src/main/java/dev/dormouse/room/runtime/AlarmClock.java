package dev.dormouse.room.runtime;

import dev.dormouse.room.Alarm;
import dev.dormouse.room.RoomId;
import dev.dormouse.room.spi.AlarmRow;
import dev.dormouse.room.spi.Execution;
import dev.dormouse.room.spi.RoomStore.DueAlarm;
import dev.dormouse.room.spi.RoomStore.DueAlarms;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Wakes rooms for their alarms. Only the next due time of the store is armed, so an alarm of a
/// sleeping room costs no memory; those that are due are read a page at a time (A2).
///
/// An alarm that was handed to its room is *in flight* until what its handler did is stored or has
/// failed. Guarded by this object's lock.
final class AlarmClock {
  /// How many alarms are in flight at most: as many rooms wake at once.
  static final int WAKING_AT_ONCE = 256;

  /// How long an alarm rests whose outcome could not even be stored.
  private static final Duration AFTER_FAILURE = Duration.ofSeconds(1);

  private final RoomNode node;
  private final Set<InFlight> inFlight = new HashSet<>();

  /// Due alarms of namespaces that this process does not declare: passed over until it restarts.
  private final Set<InFlight> ignored = new HashSet<>();

  private Execution.@Nullable Timer timer;
  private long armedFor = Long.MAX_VALUE;
  private boolean asking;
  private boolean askAgain;
  private boolean moreIsDue;
  private boolean stopped;

  private record InFlight(RoomId room, String name) {}

  AlarmClock(RoomNode node) {
    this.node = node;
  }

  /// Looks for alarms that are due, and arms the next; `then` runs once the first page is handed
  /// out.
  void start(Runnable then) {
    ask(then);
  }

  synchronized void stop() {
    stopped = true;
    if (timer != null) {
      timer.cancel();
    }
  }

  /// How many alarms have been handed to their rooms and are not settled yet.
  synchronized int inFlight() {
    return inFlight.size();
  }

  /// An alarm was stored.
  synchronized void isSet(AlarmRow row) {
    if (row.state() == Alarm.State.SET) {
      arm(row.next());
    }
  }

  /// Takes an alarm that a room found due by itself; false if it is in flight already.
  synchronized boolean claim(RoomId room, String name) {
    return !stopped && inFlight.add(new InFlight(room, name));
  }

  /// What the alarm's handler did is stored, or it turned out not to be due.
  void settled(RoomId room, String name) {
    synchronized (this) {
      inFlight.remove(new InFlight(room, name));
      if (!moreIsDue) {
        return;
      }
    }
    ask(() -> {});
  }

  /// Nothing could be stored about the alarm; it is still due, and tried again shortly.
  void failed(RoomId room, String name) {
    node.execution()
        .schedule(
            AFTER_FAILURE,
            () -> {
              synchronized (this) {
                moreIsDue = true;
              }
              settled(room, name);
            });
  }

  /// The alarm's namespace is not declared in this process: it stays stored as it is.
  void ignored(RoomId room, String name) {
    synchronized (this) {
      ignored.add(new InFlight(room, name));
      inFlight.remove(new InFlight(room, name));
    }
    node.observer()
        .runtimeFailed(
            "an alarm '" + name + "' of " + room + " is due, but its namespace is not declared",
            new IllegalStateException("undeclared namespace " + room.namespace()));
  }

  private void arm(long due) {
    if (stopped || due >= armedFor) {
      return;
    }
    armedFor = due;
    if (timer != null) {
      timer.cancel();
    }
    long delay = Math.max(0, due - node.execution().instant().toEpochMilli());
    timer = node.execution().schedule(Duration.ofMillis(delay), this::ring);
  }

  private void ring() {
    synchronized (this) {
      armedFor = Long.MAX_VALUE;
      timer = null;
    }
    ask(() -> {});
  }

  private void ask(Runnable then) {
    int limit;
    synchronized (this) {
      if (stopped) {
        then.run();
        return;
      }
      if (asking) {
        askAgain = true;
        return;
      }
      asking = true;
      limit = WAKING_AT_ONCE + inFlight.size() + ignored.size();
    }
    long now = node.execution().instant().toEpochMilli();
    var _ =
        node.store()
            .dueAlarms(now, limit)
            .whenComplete((page, error) -> {
              answered(page, error, now);
              then.run();
            });
  }

  private void answered(@Nullable DueAlarms page, @Nullable Throwable error, long now) {
    List<DueAlarm> firing = new ArrayList<>();
    boolean again;
    synchronized (this) {
      asking = false;
      again = askAgain;
      askAgain = false;
      if (page == null) {
        // The store says why in its own words; alarms are never given up.
        arm(now + AFTER_FAILURE.toMillis());
      } else {
        moreIsDue = false;
        for (DueAlarm alarm : page.alarms()) {
          InFlight flight = new InFlight(alarm.room(), alarm.name());
          if (ignored.contains(flight)) {
            continue;
          }
          if (stopped || inFlight.size() >= WAKING_AT_ONCE || !inFlight.add(flight)) {
            // Asked for again when one of those in flight is settled.
            moreIsDue = true;
          } else {
            firing.add(alarm);
          }
        }
        if (page.next().isPresent()) {
          if (page.next().getAsLong() <= now) {
            moreIsDue = true;
          } else {
            arm(page.next().getAsLong());
          }
        }
      }
    }
    if (page == null && error != null) {
      node.observer().runtimeFailed("reading due alarms", error);
    }
    for (DueAlarm alarm : firing) {
      node.alarm(alarm.room(), alarm.name());
    }
    if (again) {
      ask(() -> {});
    }
  }
}
