package dev.dormouse.storage;

import dev.dormouse.room.spi.Execution;
import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// Keeps a shard file's writer between two batches, for a moment: whoever asked for it may die, and
/// then rooms go on.
final class WriterPause implements Runnable {
  /// How long a writer stays at most.
  private static final long MOST_SECONDS = 5;

  /// How long a writer may take to come here: as long as a slow disk takes to sync.
  private static final long PATIENCE_SECONDS = 30;

  private final CountDownLatch here = new CountDownLatch(1);
  private final CountDownLatch over = new CountDownLatch(1);

  private final Execution execution;

  /// When the writer came, by the execution's clock. Written before [#here] is open.
  private volatile long since;

  /// Whether the writer went on by itself. Set by the writer's thread.
  private volatile boolean broken;

  WriterPause(Execution execution) {
    this.execution = execution;
  }

  /// Run by the writer's thread.
  @Override
  public void run() {
    since = execution.nanoTime();
    here.countDown();
    try {
      broken = !over.await(MOST_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException _) {
      broken = true;
      Thread.currentThread().interrupt();
    }
  }

  /// Waits until the writer is here.
  ///
  /// @throws IOException if it does not come
  void await() throws IOException, InterruptedException {
    if (!here.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
      throw new IOException(
          "a shard file's writer was busy for " + PATIENCE_SECONDS + " s: its disk does not sync");
    }
  }

  /// @throws IOException if the writer has gone on, so that what was seen since is of no one moment
  void check() throws IOException {
    if (broken) {
      throw new IOException(
          "the files could not be pinned within " + MOST_SECONDS + " s; rooms went on");
    }
  }

  /// For how long the writer has been here.
  long nanos() {
    return execution.nanoTime() - since;
  }

  /// Lets it go on.
  void end() {
    over.countDown();
  }
}
