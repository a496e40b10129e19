package dev.dormouse.room.runtime;

import dev.dormouse.room.RoomException.Outcome;
import dev.dormouse.room.RoomException.RoomReset;
import dev.dormouse.room.spi.Execution;
import dev.dormouse.room.spi.Execution.Signal;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/// Blocks the thread that holds a turn until a port has answered, by way of the [Execution], so
/// that tests decide when that is. The gate stays shut meanwhile.
record Waits(Execution execution) {

  /// @throws RoomReset if the port failed, or the thread was interrupted because its room is reset
  <T> T on(CompletableFuture<T> future, String what) {
    if (!future.isDone()) {
      Signal done = execution.signal();
      var _ = future.whenComplete((_, _) -> done.complete());
      try {
        done.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new RoomReset(
            RoomReset.Reason.OVER_LIMIT, Outcome.NOT_APPLIED, what + " was interrupted", e);
      }
    }
    try {
      return future.join();
    } catch (CompletionException e) {
      Throwable cause = e.getCause() != null ? e.getCause() : e;
      throw new RoomReset(
          RoomReset.Reason.COMMIT_FAILED,
          Outcome.NOT_APPLIED,
          what + " failed: " + cause.getMessage(),
          cause);
    }
  }
}
