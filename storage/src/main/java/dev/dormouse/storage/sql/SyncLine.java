package dev.dormouse.storage.sql;

import dev.dormouse.room.spi.Execution;
import dev.dormouse.room.spi.Position;
import dev.dormouse.room.spi.WriteSet;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The commits of one room on their way to the disk: while one sync is under way those that come
/// gather, and share the next. Answers keep the order of the commits.
///
/// All fields are guarded by this object, which is not held while syncing or answering.
final class SyncLine {
  private final Executor pool;
  private final Execution execution;
  private final SqlObserver observer;
  private final Supplier<Position> positions;
  private final Runnable indexFailed;
  private final BiConsumer<List<Committed>, Throwable> failed;

  private List<Committed> waiting = new ArrayList<>();
  private boolean syncing;

  /// Whether a sync failed, and the room has not been settled.
  private boolean broken;

  private @Nullable FileChannel log;

  /// Done when all whose sync has ended are answered.
  private CompletableFuture<@Nullable Void> answered = CompletableFuture.completedFuture(null);

  /// Done when nothing is under way; null if nothing is.
  private @Nullable CompletableFuture<@Nullable Void> quiet;

  /// A set that the file has.
  record Committed(WriteSet set, CompletableFuture<Position> answer, IndexKeeper index, Path log) {}

  /// @param indexFailed told that the index could not be told
  /// @param failed told of the commits whose sync failed, those that came meanwhile included; must
  ///   answer them, and see to [#mended]
  SyncLine(
      Executor pool,
      Execution execution,
      SqlObserver observer,
      Supplier<Position> positions,
      Runnable indexFailed,
      BiConsumer<List<Committed>, Throwable> failed) {
    this.pool = pool;
    this.execution = execution;
    this.observer = observer;
    this.positions = positions;
    this.indexFailed = indexFailed;
    this.failed = failed;
  }

  void add(Committed committed) {
    synchronized (this) {
      waiting.add(committed);
      if (quiet == null) {
        quiet = new CompletableFuture<>();
      }
    }
    next();
  }

  /// Done when nothing is on its way any more; null if nothing is.
  synchronized @Nullable CompletionStage<?> quiet() {
    return broken ? null : quiet;
  }

  private void next() {
    List<Committed> batch;
    synchronized (this) {
      if (syncing || waiting.isEmpty() || broken) {
        return;
      }
      syncing = true;
      batch = waiting;
      waiting = new ArrayList<>();
    }
    pool.execute(() -> sync(batch));
  }

  private void sync(List<Committed> batch) {
    Committed last = batch.getLast();
    long since = execution.nanoTime();
    try {
      execution.failpoint(SqlFailpoints.BEFORE_SYNC);
      channel(last.log()).force(false);
      observer.synced(batch.size(), execution.nanoTime() - since);
      execution.failpoint(SqlFailpoints.AFTER_SYNC);
    } catch (Throwable failure) {
      breaks(batch, failure);
      return;
    }
    CompletableFuture<?> index = last.index().after(last.set().sequence());
    CompletableFuture<@Nullable Void> before;
    CompletableFuture<@Nullable Void> mine = new CompletableFuture<>();
    synchronized (this) {
      before = answered;
      answered = mine;
    }
    // What the index could not be told is mended when the file is opened next: it may promise more
    // than there is.
    CompletableFuture<?> told =
        index == null
            ? before
            : index.handle((_, error) -> {
              if (error != null) {
                indexFailed.run();
              }
              return null;
            });
    var _ =
        told.thenCompose(_ -> before)
            .whenComplete((_, _) -> {
              answer(batch);
              mine.complete(null);
              rests();
            });
    synchronized (this) {
      syncing = false;
    }
    next();
    rests();
  }

  private void answer(List<Committed> batch) {
    try {
      execution.failpoint(SqlFailpoints.BEFORE_ANSWER);
    } catch (RuntimeException _) {
      // Thrown by a test where everything is decided.
    }
    for (Committed each : batch) {
      each.answer().complete(positions.get());
    }
  }

  private void rests() {
    CompletableFuture<@Nullable Void> done = null;
    synchronized (this) {
      if (!syncing && !broken && waiting.isEmpty() && answered.isDone()) {
        done = quiet;
        quiet = null;
      }
    }
    if (done != null) {
      done.complete(null);
    }
  }

  private void breaks(List<Committed> batch, Throwable failure) {
    CompletableFuture<@Nullable Void> before;
    synchronized (this) {
      broken = true;
      before = answered;
    }
    var _ = before.whenComplete((_, _) -> failed.accept(batch, failure));
  }

  /// Those that came after the sync that failed. The line is as new; to be called when the file has
  /// been opened again.
  List<Committed> mended() {
    List<Committed> left;
    CompletableFuture<@Nullable Void> done;
    synchronized (this) {
      left = waiting;
      waiting = new ArrayList<>();
      syncing = false;
      broken = false;
      done = quiet;
      quiet = null;
    }
    if (done != null) {
      done.complete(null);
    }
    return left;
  }

  synchronized boolean isBroken() {
    return broken;
  }

  private synchronized FileChannel channel(Path path) throws IOException {
    FileChannel open = log;
    if (open == null) {
      open = FileChannel.open(path, StandardOpenOption.WRITE);
      log = open;
    }
    return open;
  }

  /// Lets go of the log; nothing is on its way.
  void close() throws IOException {
    FileChannel open;
    synchronized (this) {
      open = log;
      log = null;
    }
    if (open != null) {
      open.close();
    }
  }
}
