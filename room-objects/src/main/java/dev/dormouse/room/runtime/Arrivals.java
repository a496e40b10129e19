package dev.dormouse.room.runtime;

import dev.dormouse.room.Refusal;
import dev.dormouse.room.RoomException;
import dev.dormouse.room.RoomException.Outcome;
import dev.dormouse.room.RoomException.RoomReset;
import dev.dormouse.room.RoomId;
import dev.dormouse.room.RoomLimits;
import dev.dormouse.room.runtime.Activation.Asker;
import dev.dormouse.room.spi.Effect;
import dev.dormouse.room.spi.Event;
import dev.dormouse.room.spi.Sockets.Intake;
import org.jspecify.annotations.Nullable;

/// Takes what comes for a room to its gate, or says at once that it cannot: the room rests (T6), is
/// behind with its work (O6), or the server stops (H5).
///
/// Fields are guarded by the room's lock.
final class Arrivals {
  /// A room whose writes take less than this while they wait for the disk has not much on its way,
  /// in bytes.
  private static final long LITTLE = 64 << 10;

  private final RoomHost host;

  /// Whether its clients are not read because it was behind.
  private boolean socketsPaused;

  Arrivals(RoomHost host) {
    this.host = host;
  }

  boolean socketsPaused() {
    return socketsPaused;
  }

  // ---- from outside, without the lock

  /// Takes an event from the socket side; null if the room has fallen asleep and the event must go
  /// to whoever follows its host in the directory.
  @Nullable Intake post(Event event) {
    Intake intake;
    synchronized (host) {
      if (host.readiness.isAsleep()) {
        return null;
      }
      intake = take(event);
      host.sleep.used();
      host.draining.wake();
    }
    host.output.release();
    return intake;
  }

  /// Takes a call, or refuses it at once; false if the room has fallen asleep.
  boolean call(Item.Call call) {
    RoomException refusal;
    synchronized (host) {
      if (host.readiness.isAsleep()) {
        return false;
      }
      refusal = busy();
      if (refusal == null) {
        return arrive(call);
      }
    }
    call.caller().fail(refusal);
    return true;
  }

  /// Takes what the runtime itself brings; false if the room has fallen asleep. With the lock or
  /// without.
  boolean arrive(Item item) {
    synchronized (host) {
      if (host.readiness.isAsleep()) {
        return false;
      }
      host.waking.arrives(item);
      host.gate.arrive(item);
      if (item instanceof Item.AlarmDue && host.readiness.phase() == Phase.CROWDED) {
        host.alarms.crowded();
      }
      host.sleep.used();
      host.draining.wake();
      return true;
    }
  }

  /// Has the room's clients read again, if it was behind and has caught up.
  void resumeSockets() {
    synchronized (host) {
      if (!socketsPaused || isBehind(2)) {
        return;
      }
      socketsPaused = false;
    }
    host.node.sockets().resume(host.id);
  }

  // ---- under the lock

  /// Queues an event of the socket side, or answers at once that it cannot be taken.
  private Intake take(Event event) {
    return switch (event) {
      case Event.Connect(long exchange, _) -> {
        RoomException no = notNow();
        if (no == null && host.roster.size() >= host.namespace.limits().connections()) {
          no =
              new Refusal.Overloaded(
                  "%s has its %,d connections"
                      .formatted(host.id, host.namespace.limits().connections()));
        }
        yield takeOrDecline(event, exchange, no);
      }
      case Event.Requested(long exchange, _) -> takeOrDecline(event, exchange, notNow());
      // A stop is a polite crash: rooms hear nothing more of their connections (H5).
      case Event.Received _, Event.Opened _, Event.Failed _, Event.Closed _, Event.Left _ ->
          host.node.isStopping() ? Intake.PAUSE : enqueue(new Item.Outside(event));
    };
  }

  private Intake takeOrDecline(Event event, long exchange, @Nullable RoomException no) {
    if (no != null) {
      host.output.addUngated(new Effect.Decline(exchange, no));
      return Intake.OPEN;
    }
    return enqueue(new Item.Outside(event));
  }

  /// Puts an event in the queue and says whether its sender should go on (O6).
  private Intake enqueue(Item item) {
    host.waking.arrives(item);
    host.gate.arrive(item);
    if (isBehind(1)) {
      socketsPaused = true;
      return Intake.PAUSE;
    }
    return Intake.OPEN;
  }

  private boolean isBehind(int share) {
    RoomLimits limits = host.namespace.limits();
    int queued = host.gate.queued();
    long flying = host.chain.bytesInFlight();
    return ((queued > 0 || flying > LITTLE) && host.node.isPressed())
        || flying * share >= (long) limits.heldBytes() + limits.turnBytes()
        || (queued + host.handlers.size()) * share >= limits.queuedEvents()
        || host.output.heldBytes() * share >= limits.heldBytes();
  }

  /// Why a new request cannot be taken at present, or null if it can.
  @Nullable RoomException notNow() {
    return host.node.isStopping() ? goingAway(host.id) : busy();
  }

  static RoomException goingAway(RoomId id) {
    return new RoomException.GoingAway("the server is stopping; " + id + " takes no new work");
  }

  private @Nullable RoomException busy() {
    if (host.readiness.isResting()) {
      return new RoomReset(
          RoomReset.Reason.BACKING_OFF,
          Outcome.NOT_APPLIED,
          host.id + " failed too often and rests; try again in some seconds",
          null);
    }
    if (host.readiness.isTurnedAway()) {
      return new Refusal.Overloaded(
          "the server has no memory to spare for %s at present; try again later"
              .formatted(host.id));
    }
    if (isBehind(1)) {
      return new Refusal.Overloaded(host.id + " is behind with its work; try again later");
    }
    return null;
  }

  /// Answers a waiting item with `error` if somebody waits for its answer; says whether it did.
  boolean decline(Item item, RoomException error) {
    return switch (item) {
      case Item.Outside(Event.Connect(long exchange, _)) ->
          declined(new Asker.Exchange(exchange), error);
      case Item.Outside(Event.Requested(long exchange, _)) ->
          declined(new Asker.Exchange(exchange), error);
      case Item.Call call -> declined(new Asker.Calling(call.caller()), error);
      case Item.Outside _, Item.AlarmDue _, Item.Delivered _, Item.Deferred _, Item.Stir _ -> false;
    };
  }

  private boolean declined(Asker asker, RoomException error) {
    host.say(turn -> asker.decline(turn, error));
    return true;
  }
}
