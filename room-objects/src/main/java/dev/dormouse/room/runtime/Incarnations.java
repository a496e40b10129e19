package dev.dormouse.room.runtime;

import dev.dormouse.room.RoomException.Outcome;
import dev.dormouse.room.RoomException.RoomReset;
import dev.dormouse.room.spi.CommitFailure;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The incarnations of a room, of which at most one lives, and the resets that end them before
/// their time (T5). A reset waits for nobody: a thread that is stuck in the room's code keeps
/// running and can do nothing.
///
/// Fields are guarded by the room's lock, and so is every method that does not take it.
final class Incarnations {
  private final RoomHost host;
  private @Nullable Incarnation present;

  Incarnations(RoomHost host) {
    this.host = host;
  }

  /// The one that lives, be it only being started; null if none does.
  @Nullable Incarnation present() {
    return present;
  }

  /// Makes the incarnation that is to be started next.
  Incarnation begin() {
    Incarnation fresh = new Incarnation(host);
    present = fresh;
    return fresh;
  }

  /// Ends the present incarnation, if there is one: whoever waits for one of its handlers is told,
  /// suspended handlers are woken with [RoomReset], timers stop.
  void end(RoomReset.Reason reason, String message, @Nullable Throwable cause) {
    end(reason, message, cause, Long.MAX_VALUE);
  }

  /// @param brokenAt the first write set that failed; the largest number if none did
  void end(RoomReset.Reason reason, String message, @Nullable Throwable cause, long brokenAt) {
    Incarnation ending = present;
    if (ending == null) {
      return;
    }
    present = null;
    host.weight.started();
    ending.end = new RoomReset(reason, Outcome.UNKNOWN, message, cause);
    List.copyOf(ending.timers).forEach(RoomTimer::stop);
    host.gate.forgetResumed();
    host.handlers.endAll(
        each -> new RoomReset(reason, outcome(each, brokenAt, cause), message, cause));
    boolean stirred = host.gate.waiting().anyMatch(Item.Stir.class::isInstance);
    if (host.roster.size() > 0 && !stirred && !host.node.isStopping()) {
      // Nobody may ever say anything again, and what was said to its clients may have been lost.
      host.gate.arrive(new Item.Stir(() -> {}));
    }
  }

  /// What is known of a handler that did not end: what it submitted before sequence `brokenAt`
  /// stands, what it submitted later shares the fate of that write.
  private static Outcome outcome(Activation activation, long brokenAt, @Nullable Throwable cause) {
    if (activation.stands || activation.firstWrite < brokenAt) {
      return Outcome.UNKNOWN;
    }
    return activation.firstWrite < Long.MAX_VALUE && cause instanceof CommitFailure failure
        ? failure.outcome()
        : Outcome.NOT_APPLIED;
  }

  /// Ends the handler's incarnation because the room's code wants it so. Takes the lock.
  ///
  /// @throws RoomReset always, which ends the handler
  RoomReset abort(Activation activation, String reason) {
    synchronized (host) {
      if (!activation.dead) {
        end(RoomReset.Reason.ABORTED, host.id + " aborted itself: " + reason, null);
        host.readiness.failed(false);
      }
    }
    throw activation.over();
  }

  /// The room has fallen asleep: what lives of it has nothing to do, and nobody to be told.
  void sleeps() {
    Incarnation ending = present;
    if (ending != null) {
      present = null;
      ending.end =
          new RoomReset(
              RoomReset.Reason.ASLEEP, Outcome.NOT_APPLIED, host.id + " fell asleep", null);
    }
  }
}
