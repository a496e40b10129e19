package dev.dormouse.room.runtime;

import dev.dormouse.room.RoomException.RoomReset;
import dev.dormouse.room.Work;
import dev.dormouse.room.spi.Execution.Signal;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// Lets a handler wait for something outside of its room, between one turn and the next (T2). The
/// gate is open meanwhile, but in a critical section (T7).
///
/// Has no state of its own; what it changes in a handler is guarded by the room's lock, which is
/// never held while it waits.
final class Suspension {
  private final RoomHost host;

  Suspension(RoomHost host) {
    this.host = host;
  }

  /// Ends the turn, waits until what the room wrote is durable, runs `action` outside the gate, and
  /// begins a new turn (T2, O1).
  <T extends @Nullable Object, X extends Exception> T await(
      Activation activation, String what, Work<T, X> action) throws X {
    Turn turn = activation.turn;
    if (turn != null && turn.inTransaction()) {
      throw new IllegalStateException(
          what
              + " inside a transaction of "
              + host.id
              + ": a transaction cannot wait; use critical to keep other events out");
    }
    if (host.namespace.nonBlocking()) {
      throw new IllegalStateException(
          what + " in " + host.id + ": its namespace is declared non-blocking, so it cannot wait");
    }
    suspend(activation);
    T result;
    try {
      result = action.run();
    } catch (Throwable failed) {
      try {
        resume(activation);
      } catch (RoomReset reset) {
        reset.addSuppressed(failed);
        throw reset;
      }
      throw failed;
    }
    resume(activation);
    return result;
  }

  private void suspend(Activation activation) {
    Signal durable = host.node.execution().signal();
    host.node.execution().failpoint("room.suspends");
    synchronized (host) {
      Turn turn = activation.turn;
      if (activation.dead || turn == null) {
        throw activation.over();
      }
      turn.left.add(_ -> durable.complete());
      activation.outgoing = activation.chainForCalls();
      host.chain.endTurn(activation);
      if (activation.criticalDepth == 0) {
        host.handlers.letGo();
        host.draining.wake();
      }
    }
    host.output.release();
    waitFor(durable, activation);
    synchronized (host) {
      // What the turn did cannot be taken back any more, nor what the handler does while it waits.
      activation.stands = true;
    }
  }

  private void resume(Activation activation) {
    host.node.execution().failpoint("room.resumes");
    Signal enter = host.node.execution().signal();
    boolean entered;
    synchronized (host) {
      if (activation.dead) {
        throw activation.over();
      }
      activation.enter = enter;
      entered =
          activation.criticalDepth > 0 || host.gate.returns(activation, host.readiness.isReady());
      if (entered) {
        host.timeLimits.watch();
        host.handlers.beginTurn(activation);
      }
    }
    if (!entered) {
      waitFor(enter, activation);
      synchronized (host) {
        if (activation.dead) {
          throw activation.over();
        }
        host.timeLimits.watch();
        host.handlers.beginTurn(activation);
      }
    }
  }

  /// Waits for a signal of the runtime's own; only a reset cuts it short.
  private void waitFor(Signal signal, Activation activation) {
    boolean interrupted = false;
    while (true) {
      try {
        signal.await();
        break;
      } catch (InterruptedException e) {
        interrupted = true;
        synchronized (host) {
          if (activation.dead) {
            break;
          }
        }
      }
    }
    synchronized (host) {
      if (activation.dead) {
        throw activation.over();
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /// Waits for `duration` on behalf of a suspended handler.
  void pause(Duration duration) {
    try {
      host.node.execution().signal().await(duration);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
