package dev.dormouse.room.runtime;

import dev.dormouse.room.Refusal;
import dev.dormouse.room.RoomException.RoomReset;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// The handlers of a room that have begun and not ended: at most one holds the turn, the others are
/// suspended. Runs each from its first turn to its last.
///
/// Fields are guarded by the room's lock.
final class Handlers {
  private final RoomHost host;

  /// Suspended ones included, in the order of their beginnings.
  private final Set<Activation> active = new LinkedHashSet<>();

  /// Written under the lock; read without it by every use of a context.
  private volatile @Nullable Activation holder;

  Handlers(RoomHost host) {
    this.host = host;
  }

  /// A handler's code.
  interface Body {
    void run() throws Exception;
  }

  /// How a handler's run ended.
  sealed interface Ended {
    record Well() implements Ended {}

    record Refused(Refusal refusal) implements Ended {}

    /// The incarnation is over, and whoever asked was told.
    record Reset() implements Ended {}

    /// The incarnation was over before it began, and nobody was told: its event waits for the next.
    record Never() implements Ended {}
  }

  /// Runs `body` as one handler, from its first turn to its last. Never throws.
  ///
  /// @param finish run after the body, still in its last turn
  Ended perform(Activation activation, Body body, Runnable finish) {
    host.node.execution().failpoint("room.begins");
    synchronized (host) {
      if (activation.incarnation.end != null) {
        return new Ended.Never();
      }
      active.add(activation);
      beginTurn(activation);
    }
    Ended ended;
    try {
      ScopedValue.where(Activation.CURRENT, activation)
          .call(() -> {
            body.run();
            return null;
          });
      host.node.execution().failpoint("room.turn-ends");
      synchronized (host) {
        if (!activation.dead) {
          finish.run();
          // Its answer is part of the turn's output now: should the write fail at once, that is
          // what tells whoever asked.
          active.remove(activation);
          host.chain.endTurn(activation);
        }
      }
      ended = new Ended.Well();
    } catch (Throwable t) {
      ended = failed(activation, t);
    }
    synchronized (host) {
      active.remove(activation);
      activation.turn = null;
      if (holder == activation) {
        holder = null;
      }
      return activation.dead ? new Ended.Reset() : ended;
    }
  }

  /// The handler threw: its turn never happened (T3); a refusal is answered and the instance stays
  /// (T4), anything else ends the incarnation.
  private Ended failed(Activation activation, Throwable thrown) {
    synchronized (host) {
      Turn turn = activation.turn;
      if (activation.dead) {
        return new Ended.Reset();
      }
      boolean starting = activation.incarnation.room == null || activation.starting;
      if (thrown instanceof Refusal refusal && turn != null && !starting) {
        turn.undo();
        activation.turn = null;
        Turn answer = new Turn(0);
        activation.asker.decline(answer, refusal);
        host.dispatch.refused(activation, refusal, answer);
        host.queue(answer, activation.stands);
        return new Ended.Refused(refusal);
      }
      host.node.observer().handlerFailed(host.id, thrown);
      host.dispatch.blame(activation);
      host.incarnations.end(
          RoomReset.Reason.HANDLER_THREW,
          "a handler of %s threw %s".formatted(host.id, thrown),
          thrown);
      host.readiness.failed(starting);
      return new Ended.Reset();
    }
  }

  // ---- under the lock

  /// The handler has the baton: a turn of it begins.
  void beginTurn(Activation activation) {
    activation.turn = new Turn(host.node.execution().nanoTime());
    holder = activation;
  }

  /// Whoever holds the turn gives it up, and the gate opens.
  void letGo() {
    holder = null;
    host.gate.open();
  }

  /// Takes back what the turns that are under way have changed in the runtime's memory.
  void undoTurns() {
    for (Activation each : active) {
      Turn turn = each.turn;
      if (turn != null) {
        turn.undo();
      }
    }
  }

  /// No handler counts any more: whoever asked is told `why`, the gate is open to others, and
  /// threads that wait are woken.
  void endAll(Function<Activation, RoomReset> why) {
    undoTurns();
    for (Activation each : active) {
      if (each.startsFor != null) {
        // Here and not when its thread comes back: others may be let in before.
        host.gate.putBack(each.startsFor);
        each.startsFor = null;
      }
      each.dead = true;
      each.turn = null;
      Turn answer = new Turn(0);
      each.asker.decline(answer, why.apply(each));
      host.alarms.failed(each, answer);
      // What it submitted may stand even if a later write of the room, behind which its answer
      // waits, fails.
      host.queue(answer, each.stands || each.firstWrite < Long.MAX_VALUE);
      if (each.thread != Thread.currentThread()) {
        if (host.gate.isHeldBy(each.baton)) {
          // Its thread may be stuck for good; others must not wait for it.
          letGo();
        }
        if (!each.inline) {
          host.node.execution().interrupt(each.thread);
        }
      }
    }
    active.clear();
  }

  /// The handler whose baton the gate knows; null if none has it.
  @Nullable Activation withBaton() {
    Activation owner = null;
    for (Activation each : active) {
      if (host.gate.isHeldBy(each.baton)) {
        owner = each;
      }
    }
    return owner;
  }

  boolean contains(Activation activation) {
    return active.contains(activation);
  }

  int size() {
    return active.size();
  }

  /// The handler that holds the turn. Without the lock too.
  @Nullable Activation holder() {
    return holder;
  }
}
