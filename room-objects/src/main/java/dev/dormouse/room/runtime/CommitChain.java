package dev.dormouse.room.runtime;

import dev.dormouse.room.RoomException.Outcome;
import dev.dormouse.room.RoomException.RoomReset;
import dev.dormouse.room.spi.AlarmRow;
import dev.dormouse.room.spi.CommitFailure;
import dev.dormouse.room.spi.Position;
import dev.dormouse.room.spi.SqlTurn;
import dev.dormouse.room.spi.WriteSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/// The write sets of a room, one behind the other. Each goes to the store when its turn ends, and
/// is answered later: durable, it lets output go; failed, it breaks the chain, since all later ones
/// fail with it, and the next chain begins behind what is stored (O2).
///
/// Fields are guarded by the room's lock.
final class CommitChain {
  private final RoomHost host;

  /// Which chain is being built: one more for each that broke.
  private long number;

  /// Write sets of this chain and of earlier ones that the store has not answered.
  private int inFlight;

  private long bytesInFlight;

  CommitChain(RoomHost host) {
    this.host = host;
  }

  int inFlight() {
    return inFlight;
  }

  /// What they take of the memory, in bytes.
  long bytesInFlight() {
    return bytesInFlight;
  }

  /// Submits what the turn wrote and queues what it says, in one step. Under the lock.
  void endTurn(Activation activation) {
    Turn turn = activation.turn;
    RoomView now = host.readiness.view();
    if (turn == null || now == null) {
      throw new IllegalStateException("a turn of " + host.id + " ends that never began");
    }
    activation.turn = null;
    turn.end();
    host.node.observer().turnEnded(host.id, host.node.execution().nanoTime() - turn.startedAt);
    // What leaves early needs a set to name where anything of this room is still to be stored.
    boolean named = !turn.early.isEmpty() && inFlight > 0;
    WriteSet set =
        turn.writeSet(host.id, host.node.store().epoch(), now, named, host.node.early()::next);
    if (set != null) {
      set = now.apply(set, turn.top().size);
      activation.firstWrite = Math.min(activation.firstWrite, set.sequence());
      host.weight.settle();
    }
    SqlTurn tables = turn.sql;
    if (tables != null && (set == null || set.sqlTurn() == 0)) {
      tables.end();
    }
    host.queue(turn, activation.stands);
    turn.ungated.forEach(host.output::addUngated);
    turn.atEnd.forEach(Runnable::run);
    long number = set == null ? 0 : set.number();
    for (Turn.Early message : turn.early) {
      host.output.addEarly(() -> host.node.post(host.id, message, number));
    }
    if (set != null) {
      // Last: a store may say at once that it failed.
      commit(set);
    }
  }

  /// Writes what the runtime itself decided about an alarm; the version stays (S2). Under the lock.
  void bookkeep(WriteSet.AlarmChange change) {
    RoomView now = host.readiness.view();
    if (now != null) {
      Turn turn = new Turn(0);
      turn.bookkeeping.add(change);
      WriteSet set = turn.writeSet(host.id, host.node.store().epoch(), now, false, () -> 0);
      if (set != null) {
        commit(now.apply(set, null));
      }
    }
  }

  private void commit(WriteSet set) {
    inFlight++;
    long bytes = set.bytes();
    fly(bytes);
    long mine = number;
    long since = host.node.execution().nanoTime();
    CompletableFuture<Position> done;
    try {
      done = host.node.store().commit(set);
    } catch (RuntimeException e) {
      done = CompletableFuture.failedFuture(e);
    }
    var _ =
        done.whenComplete((_, error) -> {
          if (error == null) {
            host.node.observer().committed(host.id, host.node.execution().nanoTime() - since);
          }
          settled(mine, set, bytes, error);
        });
  }

  private void fly(long bytes) {
    bytesInFlight += bytes;
    host.node.waitingBytes().add(bytes);
  }

  private void settled(long ofChain, WriteSet set, long bytes, @Nullable Throwable error) {
    host.node.early().settled(set.number(), error == null);
    synchronized (host) {
      inFlight--;
      fly(-bytes);
      if (ofChain == number && error == null) {
        host.output.durableUpTo(set.sequence());
        RoomView now = host.readiness.view();
        if (now != null) {
          now.durableUpTo(set.sequence());
          if (host.gate.isOpen()) {
            host.draining.shed(now);
          }
        }
      } else if (ofChain == number) {
        breaks(set.sequence(), failure(error));
      }
      if (inFlight == 0) {
        host.readiness.settled();
      }
    }
    if (error == null) {
      for (WriteSet.AlarmChange change : set.alarms()) {
        if (change instanceof WriteSet.PutAlarm(AlarmRow row)) {
          host.node.alarmClock().isSet(row);
        }
      }
    }
    host.node.outlet().release(host);
  }

  private CommitFailure failure(@Nullable Throwable error) {
    Throwable cause =
        error instanceof CompletionException && error.getCause() != null ? error.getCause() : error;
    return cause instanceof CommitFailure failure
        ? failure
        : new CommitFailure(
            CommitFailure.Reason.IO,
            Outcome.UNKNOWN,
            "a commit of " + host.id + " failed: " + cause,
            cause);
  }

  private static String words(CommitFailure.Reason reason) {
    return switch (reason) {
      case EPOCH -> "another server has taken over its data";
      case SEQUENCE, ORDER -> "one that it builds on failed";
      case FULL -> "the server's disk is full or fails";
      case REJECTED -> "it cannot be stored";
      case IO -> "the server's disk fails";
    };
  }

  /// A write set failed: all later ones will, the output of every later turn is discarded, and the
  /// room starts again from what is stored.
  private void breaks(long sequence, CommitFailure failure) {
    host.node.observer().commitFailed(host.id, failure);
    number++;
    // Clients read this; what the store said is for the log.
    String message = "a write of %s failed: %s".formatted(host.id, words(failure.reason()));
    // The youngest changes are taken back first.
    host.handlers.undoTurns();
    host.output.discardFrom(
        sequence,
        afterEarlier ->
            new RoomReset(
                RoomReset.Reason.COMMIT_FAILED,
                afterEarlier ? Outcome.UNKNOWN : failure.outcome(),
                message,
                failure));
    host.readiness.broke();
    host.incarnations.end(RoomReset.Reason.COMMIT_FAILED, message, failure, sequence);
  }
}
