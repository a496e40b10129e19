package dev.dormouse.room.runtime;

import dev.dormouse.room.Alarms;
import dev.dormouse.room.Connections;
import dev.dormouse.room.Room;
import dev.dormouse.room.RoomContext;
import dev.dormouse.room.RoomException;
import dev.dormouse.room.RoomException.RoomReset;
import dev.dormouse.room.RoomId;
import dev.dormouse.room.Rooms;
import dev.dormouse.room.Storage;
import dev.dormouse.room.Work;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One life of a room's instance, and the context that is bound to it (T5).
final class Incarnation implements RoomContext {
  final RoomHost host;

  private final Storage storage = new TurnStorage(this);
  private final Alarms alarms = new TurnAlarms(this);
  private final Connections connections = new TurnConnections(this);
  private final Rooms rooms;
  final Parts parts;

  /// Built after this object, which its constructor gets. Guarded by the baton.
  @Nullable Room room;

  /// The room's instance, once it is there.
  Room present() {
    Room built = room;
    if (built == null) {
      throw new IllegalStateException("an incarnation of " + host.id + " without a room");
    }
    return built;
  }

  /// Why it is over; null while it lives. Written under the room's lock.
  volatile @Nullable RoomReset end;

  /// Volatile timers that are set. Guarded by the room's lock.
  final List<RoomTimer> timers = new ArrayList<>(0);

  Incarnation(RoomHost host) {
    this.host = host;
    rooms = host.node.rooms(this);
    parts = new Parts(this);
  }

  /// The handler that the calling thread runs, in a turn of this incarnation.
  ///
  /// @throws RoomReset if this incarnation is over
  /// @throws IllegalStateException if the thread does not hold the turn
  Activation activation() {
    RoomReset over = end;
    if (over != null) {
      throw over.again();
    }
    Activation holder = host.handlers.holder();
    if (holder == null
        || holder.thread != Thread.currentThread()
        || holder.incarnation != this
        || holder.turn == null) {
      throw new IllegalStateException(
          "the context of "
              + host.id
              + " was used outside a turn: only a handler's own thread may use it, and not inside"
              + " an await action");
    }
    return holder;
  }

  Turn turn() {
    Turn turn = activation().turn;
    if (turn == null) {
      throw new IllegalStateException("a holder without a turn in " + host.id);
    }
    return turn;
  }

  /// Ends a transaction of `turn` well or rolls it back, unless a reset has done away with the
  /// turn.
  void endTransaction(Turn turn, Turn.Mark mark, boolean done) {
    synchronized (host) {
      if (end != null) {
        return;
      }
      if (done) {
        turn.endTransaction();
      } else {
        turn.rollBack(mark);
      }
    }
  }

  @Override
  public RoomId id() {
    return host.id;
  }

  @Override
  public Storage storage() {
    return storage;
  }

  @Override
  public Alarms alarms() {
    return alarms;
  }

  @Override
  public Connections connections() {
    return connections;
  }

  @Override
  public Rooms rooms() {
    return rooms;
  }

  @Override
  public <T> T facility(Class<T> type) {
    return parts.handle(type);
  }

  @Override
  public InstantSource clock() {
    return host.node.execution();
  }

  @Override
  public <T extends @Nullable Object, X extends Exception> T await(Work<T, X> action) throws X {
    return host.suspension.await(activation(), "await", action);
  }

  @Override
  public <T extends @Nullable Object> List<T> all(List<? extends Work<T, ?>> calls)
      throws Exception {
    Activation activation = activation();
    return host.suspension.await(activation, "all", () -> FanOut.run(activation, calls));
  }

  @Override
  public void sleep(Duration duration) {
    host.suspension.await(
        activation(),
        "sleep",
        () -> {
          host.suspension.pause(duration);
          return null;
        });
  }

  @Override
  public <T extends @Nullable Object, X extends Exception> T critical(Work<T, X> section) throws X {
    Activation activation = activation();
    activation.enterCritical();
    try {
      return section.run();
    } finally {
      activation.leaveCritical();
    }
  }

  @Override
  public Timer after(Duration delay, Work<?, ?> work) {
    Turn turn = turn();
    RoomTimer timer = new RoomTimer(this, work);
    turn.atEnd.add(() -> timer.set(delay));
    return () -> {
      Turn now = turn();
      now.atEnd.add(timer::stop);
    };
  }

  @Override
  public void afterReply(Work<?, ?> work) {
    turn()
        .left
        .add(reset -> {
          if (reset == null) {
            // Never too late: output that leaves keeps the room awake.
            var _ = host.arrivals.arrive(new Item.Deferred(this, work, true));
          }
        });
  }

  @Override
  public void holds(long bytes) {
    if (bytes < 0) {
      throw new IllegalArgumentException(host.id + " cannot hold less than nothing: " + bytes);
    }
    Activation activation = activation();
    synchronized (host) {
      if (!activation.dead) {
        host.weight.holds(bytes, activation);
      }
    }
  }

  @Override
  public RoomException.RoomReset abort(String reason) {
    Activation activation = activation();
    throw host.incarnations.abort(activation, reason);
  }
}
