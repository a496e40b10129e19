package dev.dormouse.server.admin;

import dev.dormouse.room.spi.Execution;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/// Waits for the rooms' side to answer, on a thread that may wait, but not for ever.
///
/// @param limit how long at most
record Patience(Execution execution, Duration limit) {

  /// Blocks until the future completes.
  ///
  /// @param what for messages: failed, or took too long
  /// @throws TimeoutException if it does not in time
  /// @throws IOException if it fails
  <T extends @Nullable Object> T on(CompletableFuture<T> future, String what)
      throws IOException, TimeoutException, InterruptedException {
    Execution.Signal done = execution.signal();
    var _ = future.whenComplete((_, _) -> done.complete());
    if (!done.await(limit)) {
      throw new TimeoutException(what + " took longer than " + limit.toSeconds() + " s");
    }
    try {
      return future.join();
    } catch (CompletionException e) {
      Throwable cause = e.getCause() != null ? e.getCause() : e;
      throw new IOException(what + " failed: " + cause.getMessage(), cause);
    }
  }
}
