package dev.dormouse.room.runtime;

import dev.dormouse.room.Namespace;
import dev.dormouse.room.Refusal;
import dev.dormouse.room.RoomException.Outcome;
import dev.dormouse.room.RoomException.RoomReset;
import dev.dormouse.room.RoomId;
import dev.dormouse.room.spi.RoomReport;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// One room in memory: the place where its parts meet, and the lock that they share.
///
/// What comes for the room is taken by [Arrivals] and waits at the [InputGate]. Whoever has the
/// gate's baton lets [Dispatch] handle one event after the other ([Draining]); [Handlers] knows who
/// is at work, and a handler that waits hands the baton on and comes back for it ([Suspension]).
/// The end of a turn submits its write set and queues its output in one step
/// ([CommitChain#endTurn]); what the store says later lets the [OutputGate] go or breaks the chain.
/// A reset ends the incarnation ([Incarnations]); [Readiness] says whether the room can take events
/// at all.
///
/// This object is the lock of all of them. It is never held while waiting, while user code runs, or
/// while effects are applied.
final class RoomHost implements Outlet.Held {
  final RoomNode node;

  /// With the room's name, from when it is known (I1); equal to itself with and without.
  volatile RoomId id;

  final Namespace namespace;

  final Arrivals arrivals = new Arrivals(this);
  final InputGate gate;
  final Draining draining = new Draining(this);
  final Dispatch dispatch = new Dispatch(this);
  final RoomAlarms alarms = new RoomAlarms(this);
  final Farewells farewells = new Farewells(this);
  final Handlers handlers = new Handlers(this);
  final Suspension suspension = new Suspension(this);
  final TimeLimits timeLimits = new TimeLimits(this);
  final CommitChain chain = new CommitChain(this);
  final OutputGate output;
  final Incarnations incarnations = new Incarnations(this);
  final Readiness readiness = new Readiness(this);
  final Roster roster = new Roster();
  final Recall recall = new Recall(this);
  final Sleep sleep;
  final Waking waking;
  final Weight weight;

  private final AtomicBoolean inOutlet = new AtomicBoolean();

  RoomHost(RoomNode node, RoomId id, Namespace namespace) {
    this.node = node;
    this.id = id;
    this.namespace = namespace;
    this.gate = new InputGate(node.waitingBytes());
    this.output = new OutputGate(this, id, node.sockets(), node.observer(), node.waitingBytes());
    this.sleep = new Sleep(this);
    this.waking = new Waking(this);
    this.weight = new Weight(this);
  }

  /// Somebody addressed the room so, perhaps by a name that it did not know until now.
  void addressedAs(RoomId by) {
    if (id.name().isEmpty() && by.name().isPresent()) {
      id = by;
    }
  }

  // ---- output

  @Override
  public AtomicBoolean inOutlet() {
    return inOutlet;
  }

  /// Lets go what has become durable. To be called without the lock.
  @Override
  public void release() {
    output.release();
    arrivals.resumeSockets();
  }

  /// Queues output of the runtime's own, in turn order. Under the lock.
  void say(Consumer<Turn> what) {
    Turn turn = new Turn(0);
    what.accept(turn);
    queue(turn, false);
  }

  /// Queues what a turn says behind all that was written until now. Under the lock.
  ///
  /// @param afterEarlier whether earlier turns of the same handler stand
  void queue(Turn turn, boolean afterEarlier) {
    if (!turn.effects.isEmpty() || !turn.left.isEmpty() || !turn.undo.isEmpty()) {
      RoomView now = viewOrNull();
      output.add(
          new OutputGate.Batch(
              now != null ? now.sequence() : output.durable(),
              afterEarlier,
              turn.effects,
              turn.undo,
              turn.left));
    }
  }

  // ---- what a turn asks, without the lock

  /// The state as the present turn sees it.
  ///
  /// @throws RoomReset if it is not known any more
  RoomView view() {
    RoomView now = viewOrNull();
    if (now == null) {
      throw new RoomReset(
          RoomReset.Reason.COMMIT_FAILED, Outcome.UNKNOWN, "a write of " + id + " failed", null);
    }
    return now;
  }

  /// The state, or null while it is not known.
  @Nullable RoomView viewOrNull() {
    return readiness.view();
  }

  /// @throws Refusal.StorageFull while the store cannot be written to
  void requireWritable() {
    if (node.store().trouble().isPresent()) {
      throw Refusal.StorageFull.of(id);
    }
  }

  Waits waits() {
    return new Waits(node.execution());
  }

  // ---- what the node asks

  /// The time to drain is over (H5).
  void stopNow() {
    synchronized (this) {
      incarnations.end(
          RoomReset.Reason.STOPPING, "the server stops; " + id + " was not done", null);
    }
    output.release();
  }

  /// See [RoomNode#abort].
  boolean abort(String why) {
    boolean lived;
    synchronized (this) {
      lived = incarnations.present() != null;
      incarnations.end(RoomReset.Reason.ABORTED, id + " was aborted: " + why, null);
      if (lived) {
        draining.wake();
        // Nobody may come to the end of the gate's queue any more, where sleep begins to be near.
        sleep.used();
      }
    }
    node.outlet().release(this);
    return lived;
  }

  synchronized int queued() {
    return gate.queued();
  }

  synchronized long heldBytes() {
    return output.heldBytes();
  }

  /// What the inspector says of an awake room.
  synchronized RoomReport report() {
    return new RoomReport(
        id, true, roster.open(), waking.at(), readiness.isAsleep() ? List.of() : sleep.reasons());
  }

  /// Whether nothing is queued, running, suspended, held or not yet durable; or, of what waits,
  /// none can begin before the server stops.
  synchronized boolean isIdle() {
    if (readiness.phase() == Phase.CROWDED) {
      return chain.inFlight() == 0 && output.isEmpty();
    }
    return gate.isOpen()
        && !gate.hasWaiting()
        && handlers.size() == 0
        && output.isEmpty()
        && chain.inFlight() == 0;
  }
}
