package dev.dormouse.storage.sql;

import dev.dormouse.room.spi.Execution;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Where commits of rooms with SQL pass, each for as long as it takes to write; a backup shuts it
/// for a moment. Whoever shut it may die: then it opens by itself.
///
/// All fields are guarded by this object.
final class CommitGate {
  private static final Duration MOST = Duration.ofSeconds(5);

  private final Execution execution;
  private int inside;

  /// Null while it is open.
  private @Nullable Shut shut;

  private long since;

  /// One time for which it is shut; known by its identity.
  static final class Shut {
    private final CompletableFuture<@Nullable Void> over = new CompletableFuture<>();
  }

  CommitGate(Execution execution) {
    this.execution = execution;
  }

  /// Null if the caller is in, and must [#leave]; otherwise done when it may try again.
  synchronized @Nullable CompletionStage<?> enter() {
    if (shut == null) {
      inside++;
      return null;
    }
    return shut.over;
  }

  synchronized void leave() {
    inside--;
    if (inside == 0) {
      notifyAll();
    }
  }

  /// Shuts it, and waits until nobody is inside. Blocks a platform thread.
  ///
  /// @param until by [Execution#nanoTime]
  /// @return what must be shown to [#open] it
  Shut shut(long until) throws IOException, InterruptedException {
    Shut mine = new Shut();
    synchronized (this) {
      if (shut != null) {
        throw new IOException("another backup is being made of the rooms with SQL");
      }
      shut = mine;
      since = execution.nanoTime();
    }
    var _ = execution.schedule(MOST, () -> open(mine));
    try {
      awaitEmpty(until);
      return mine;
    } catch (IOException | InterruptedException | RuntimeException | Error e) {
      open(mine);
      throw e;
    }
  }

  private synchronized void awaitEmpty(long until) throws IOException, InterruptedException {
    while (inside > 0) {
      long left = TimeUnit.NANOSECONDS.toMillis(until - execution.nanoTime());
      if (left <= 0) {
        throw new IOException("commits of rooms with SQL do not end: the disk does not write");
      }
      wait(left);
    }
  }

  /// @throws IOException if it has opened by itself
  synchronized void check(Shut mine) throws IOException {
    if (shut != mine) {
      throw new IOException(
          "the rooms with SQL could not be pinned within " + MOST.toSeconds() + " s; they went on");
    }
  }

  /// For how long it is shut, in nanoseconds; 0 if it is not.
  synchronized long nanos() {
    return shut == null ? 0 : execution.nanoTime() - since;
  }

  /// Without effect if it is open, or shut by another.
  void open(Shut mine) {
    synchronized (this) {
      if (shut != mine) {
        return;
      }
      shut = null;
    }
    mine.over.complete(null);
  }
}
