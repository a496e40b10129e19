package dev.dormouse.room.runtime;

import dev.dormouse.room.Alarm;
import dev.dormouse.room.RoomId;
import dev.dormouse.room.spi.AlarmRow;
import dev.dormouse.room.spi.Execution;
import dev.dormouse.room.spi.RoomStore.DueAlarm;
import dev.dormouse.room.spi.RoomStore.DueAlarms;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Wakes rooms for their alarms. Only the next due time of the store is armed, so an alarm of a
/// sleeping room costs no memory; those that are due are read a page at a time (A2), and a room
/// gets all of its that are on the page at once.
///
/// An alarm that was handed to its room is *in flight* until what its handler did is stored or has
/// failed. Guarded by this object's lock.
final class AlarmClock {
  /// How many rooms have alarms in flight at most: as many wake at once.
  static final int WAKING_AT_ONCE = 256;

  /// How many more do at most, while they wait for memory; of rooms that may be awake a quarter.
  private static final int WAITING_AT_ONCE = 4_096;

  /// How many due alarms are read at once, beside those that are known. They cost some hundred
  /// bytes each until they are handed out; a page costs a read of all that are in flight besides.
  static final int PAGE = 4_096;

  /// How long an alarm rests whose outcome could not even be stored.
  private static final Duration AFTER_FAILURE = Duration.ofSeconds(1);

  /// After how long the clock is looked at again while an alarm is waited for. Timers measure time
  /// that passes; who sets the clock, or lets the machine sleep, moves what is due past them.
  static final Duration LOOK = Duration.ofSeconds(10);

  private final RoomNode node;

  /// Read and not handed out, in the order in which they fell due.
  private final AlarmsByRoom waiting = new AlarmsByRoom();

  private final AlarmsByRoom inFlight = new AlarmsByRoom();

  /// Due alarms of namespaces that this process does not declare: passed over until it restarts.
  private final AlarmsByRoom ignored = new AlarmsByRoom();

  /// Rooms of `inFlight` that wait for memory, and not for their turn.
  private final Set<RoomId> uncounted = new HashSet<>();

  private Execution.@Nullable Timer timer;
  private long armedFor = Long.MAX_VALUE;

  /// How often the timer was set.
  private long wound;

  private boolean asking;
  private boolean askAgain;

  /// Whether the store has some that are due and on no page yet.
  private boolean moreIsDue;

  /// How many handlers have ended well.
  private long rung;

  /// Whether the first page is still to come.
  private boolean starting = true;

  private boolean stopped;

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
    return inFlight.alarms();
  }

  /// How many have rung and are settled.
  synchronized long rung() {
    return rung;
  }

  /// An alarm was stored.
  synchronized void isSet(AlarmRow row) {
    if (row.state() == Alarm.State.SET) {
      arm(row.next());
    }
  }

  /// Takes an alarm that a room found due by itself; false if it is in flight already.
  synchronized boolean claim(RoomId room, String name) {
    if (stopped || !inFlight.add(room, name)) {
      return false;
    }
    waiting.remove(room, name);
    return true;
  }

  /// The alarm's handler ended well, and what it did is stored.
  void rang(RoomId room, String name) {
    synchronized (this) {
      rung++;
    }
    settled(room, name);
  }

  /// A room with alarms in flight waits for memory: others wake in its place, once [#handOut] is
  /// called.
  synchronized void doesNotCount(RoomId room) {
    int most = Math.min(WAITING_AT_ONCE, node.mostAwake() / 4);
    if (uncounted.size() < most && inFlight.has(room)) {
      uncounted.add(room);
    }
  }

  /// The room waits no more.
  synchronized void countsAgain(RoomId room) {
    uncounted.remove(room);
  }

  private void landed(RoomId room, String name) {
    inFlight.remove(room, name);
    if (!inFlight.has(room)) {
      uncounted.remove(room);
    }
  }

  /// How many rooms are waking for their alarms.
  private int waking() {
    return inFlight.rooms() - uncounted.size();
  }

  /// Something is stored about the alarm, or it turned out not to be due.
  void settled(RoomId room, String name) {
    synchronized (this) {
      landed(room, name);
    }
    handOut();
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
      ignored.add(room, name);
      landed(room, name);
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
    wind();
  }

  private void wind() {
    Duration left = Duration.between(node.execution().instant(), Instant.ofEpochMilli(armedFor));
    Duration delay = left.compareTo(LOOK) < 0 ? left : LOOK;
    long turn = ++wound;
    timer = node.execution().schedule(delay, () -> look(turn));
  }

  /// @param turn of the winding that this look belongs to; a later one has looks of its own
  private void look(long turn) {
    synchronized (this) {
      if (stopped || turn != wound) {
        return;
      }
      if (node.execution().instant().toEpochMilli() < armedFor) {
        wind();
        return;
      }
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
      // So that a full page has as many that are new.
      limit = PAGE + waiting.alarms() + inFlight.alarms() + ignored.alarms();
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
    boolean again;
    boolean first;
    synchronized (this) {
      asking = false;
      again = askAgain;
      askAgain = false;
      if (page == null) {
        // The store says why in its own words; alarms are never given up.
        moreIsDue = false;
        arm(now + AFTER_FAILURE.toMillis());
      } else {
        take(page, now);
      }
      first = starting && isBehind();
      starting = false;
    }
    if (first) {
      node.letters().hold();
    }
    if (page == null && error != null) {
      node.observer().runtimeFailed("reading due alarms", error);
    }
    if (again) {
      ask(() -> {});
    }
    handOut();
  }

  private void take(DueAlarms page, long now) {
    for (DueAlarm alarm : page.alarms()) {
      if (!inFlight.contains(alarm.room(), alarm.name())
          && !ignored.contains(alarm.room(), alarm.name())) {
        waiting.add(alarm.room(), alarm.name());
      }
    }
    moreIsDue = page.next().isPresent() && page.next().getAsLong() <= now;
    if (page.next().isPresent() && !moreIsDue) {
      arm(page.next().getAsLong());
    }
  }

  /// Brings alarms to their rooms, as many as may wake, and reads on before none is left.
  void handOut() {
    for (AlarmsByRoom.Room next = next(); next != null; next = next()) {
      for (String name : next.alarms()) {
        node.alarm(next.id(), name);
      }
    }
    boolean more;
    boolean behind;
    synchronized (this) {
      behind = isBehind();
      more = moreIsDue && !asking && waiting.alarms() < PAGE / 8;
    }
    if (!behind) {
      node.letters().letGo();
    }
    if (more) {
      ask(() -> {});
    }
  }

  /// Whether more rooms have alarms that are due than may wake at once.
  private boolean isBehind() {
    return moreIsDue || waking() + waiting.rooms() > WAKING_AT_ONCE;
  }

  private synchronized AlarmsByRoom.@Nullable Room next() {
    if (stopped || waking() >= WAKING_AT_ONCE) {
      return null;
    }
    AlarmsByRoom.Room next = waiting.poll();
    if (next != null) {
      // None of them is in flight: whoever claims one takes it out of those that wait.
      next.alarms().forEach(name -> inFlight.add(next.id(), name));
    }
    return next;
  }
}
