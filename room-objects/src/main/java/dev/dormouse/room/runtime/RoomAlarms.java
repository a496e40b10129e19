package dev.dormouse.room.runtime;

import dev.dormouse.room.Alarm;
import dev.dormouse.room.Room;
import dev.dormouse.room.runtime.Activation.Asker;
import dev.dormouse.room.runtime.Handlers.Ended;
import dev.dormouse.room.spi.AlarmRow;
import dev.dormouse.room.spi.WriteSet;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The alarms of one room from the time when they are due: their handler runs, they are deleted if
/// it ends well, and tried again or parked if not (A1). Whatever comes of it, the [AlarmClock] is
/// told.
///
/// Has no state of its own; all but [#handle] runs under the room's lock.
final class RoomAlarms {
  /// How often an alarm's handler is tried before the alarm is parked (A1).
  static final int ATTEMPTS = 7;

  private final RoomHost host;

  RoomAlarms(RoomHost host) {
    this.host = host;
  }

  /// The state was read: what was due before the room woke happens before whatever woke it (A2).
  void overdueFirst(RoomView fresh) {
    List<String> waiting = new ArrayList<>();
    host.gate.remove(item -> item instanceof Item.AlarmDue(String name) && waiting.add(name));
    long now = host.node.execution().instant().toEpochMilli();
    fresh.alarms().values().stream()
        .filter(row -> row.state() == Alarm.State.SET && row.next() <= now)
        .sorted(Comparator.comparingLong(AlarmRow::next).reversed())
        .filter(
            row -> waiting.remove(row.name()) || host.node.alarmClock().claim(host.id, row.name()))
        .forEach(row -> host.gate.putBack(new Item.AlarmDue(row.name())));
    // Not under this lock: the clock may hand out alarms of other rooms in turn.
    host.say(turn ->
        waiting.forEach(name -> turn.left.add(_ -> host.node.alarmClock().settled(host.id, name))));
    // A commit of unknown outcome may have stored an alarm that nobody armed. What is due already
    // was claimed above: armed, it would have all that are due read once more for each such room.
    fresh.alarms().values().stream()
        .filter(row -> row.next() > now)
        .forEach(host.node.alarmClock()::isSet);
  }

  /// The room waits for memory, with those of its alarms that are in flight. Not on this thread:
  /// the clock may hand out alarms of other rooms in turn.
  void crowded() {
    host.node
        .execution()
        .start(
            "alarms wait",
            () -> {
              synchronized (host) {
                if (host.readiness.phase() == Phase.CROWDED) {
                  host.node.alarmClock().doesNotCount(host.id);
                }
              }
              host.node.alarmClock().handOut();
            });
  }

  /// Whether the alarm that waits at the gate was moved or deleted, so that nothing is to be done.
  boolean isMoot(String name) {
    boolean moot = due(name) == null;
    if (moot) {
      // Not under this lock: the clock may hand out alarms of other rooms in turn.
      boolean known = host.viewOrNull() != null;
      host.say(turn -> turn.left.add(_ -> moved(name, known)));
    }
    return moot;
  }

  private @Nullable AlarmRow due(String name) {
    RoomView view = host.viewOrNull();
    AlarmRow row = view != null ? view.alarms().get(name) : null;
    return row != null
            && row.state() == Alarm.State.SET
            && row.next() <= host.node.execution().instant().toEpochMilli()
        ? row
        : null;
  }

  /// Runs the handler of an alarm that is due. Without the lock, with the baton.
  Ended handle(
      String name, Incarnation incarnation, Room room, InputGate.Baton baton, boolean inline) {
    AlarmRow row;
    synchronized (host) {
      row = due(name);
    }
    if (row == null) {
      notDue(name);
      return new Ended.Well();
    }
    Activation activation =
        new Activation(
            host, incarnation, baton, new Asker.Clock(name), CallChain.NONE, row, inline);
    long late = host.node.execution().instant().toEpochMilli() - row.next();
    host.node.observer().alarmFires(host.id, name, late);
    Alarm shown = TurnAlarms.shown(row.retry(row.next(), row.attempt() + 1));
    return host.handlers.perform(
        activation,
        () -> {
          if (Reserved.is(name)) {
            incarnation.parts.ring(name);
          } else {
            room.onAlarm(shown);
          }
        },
        () -> {
          Turn turn = incarnation.turn();
          if (isStill(row) && !turn.layers.getFirst().settles(name)) {
            turn.bookkeeping.add(new WriteSet.DeleteAlarm(name));
          }
          turn.left.add(reset -> {
            if (reset == null) {
              host.node.alarmClock().rang(host.id, name);
            } else {
              settle(name, false);
            }
          });
        });
  }

  /// Whether nobody has set the alarm's name again since it fired: by identity of the row.
  private boolean isStill(AlarmRow firing) {
    RoomView view = host.viewOrNull();
    return view != null && TurnAlarms.isSame(view.alarms().get(firing.name()), firing);
  }

  /// The alarm was moved or deleted, or a failed commit has just taken the state away, in which
  /// case it may well be due and is asked for again.
  private void notDue(String name) {
    moved(name, host.viewOrNull() != null);
  }

  /// Nothing was done about an alarm that had been handed out. If it is there and not due, it, or
  /// the clock, was set since, and it is waited for again. Without the lock.
  private void moved(String name, boolean known) {
    settle(name, known);
    AlarmRow row;
    synchronized (host) {
      RoomView view = host.viewOrNull();
      row = view != null ? view.alarms().get(name) : null;
    }
    if (row != null && row.state() == Alarm.State.SET) {
      host.node.alarmClock().isSet(row);
    }
  }

  private void settle(String name, boolean stored) {
    if (stored) {
      host.node.alarmClock().settled(host.id, name);
    } else {
      host.node.alarmClock().failed(host.id, name);
    }
  }

  /// If the handler that did not end well was an alarm's: writes when it is tried again, or that it
  /// is parked.
  void failed(Activation activation, Turn answer) {
    AlarmRow firing = activation.firing;
    if (firing == null) {
      return;
    }
    String name = firing.name();
    if (isStill(firing)) {
      int attempt = firing.attempt() + 1;
      // Nobody could be asked to look at a facility's: it is tried for as long as it takes.
      boolean parked = attempt >= ATTEMPTS && !Reserved.is(name);
      if (parked) {
        host.node.observer().alarmParked(host.id, name);
      }
      host.chain.bookkeep(
          new WriteSet.PutAlarm(
              parked ? firing.parked(attempt) : firing.retry(retryAt(name, attempt), attempt)));
    }
    boolean known = host.viewOrNull() != null;
    answer.left.add(reset -> settle(name, known && reset == null));
  }

  /// 2, 4 .. 64 s from now, and up to a quarter more, spread by the room and the name so that
  /// alarms that failed together do not come back together.
  private long retryAt(String name, int attempt) {
    long base = Duration.ofSeconds(1L << Math.min(attempt, ATTEMPTS - 1)).toMillis();
    long spread = Math.floorMod(31L * host.id.hashCode() + name.hashCode() + attempt, base / 4);
    return host.node.execution().instant().toEpochMilli() + base + spread;
  }
}
