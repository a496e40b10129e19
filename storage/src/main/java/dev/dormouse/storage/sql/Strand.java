package dev.dormouse.storage.sql;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Jobs of one room, one after the other, on whatever thread of a pool is free.
///
/// All fields are guarded by this object.
final class Strand {
  private static final Logger LOG = LoggerFactory.getLogger(Strand.class);

  /// How many jobs are done in one go before others get the thread.
  private static final int TOGETHER = 64;

  private final Executor pool;
  private final Runnable atRest;
  private final Deque<Job> waiting = new ArrayDeque<>();

  /// Whether a thread is at work, or on its way, or a job waits for something.
  private boolean busy;

  /// A piece of work.
  interface Job {
    /// Null if it is done; otherwise the next job waits until the stage is complete, well or not.
    @Nullable CompletionStage<?> run();
  }

  /// @param atRest called on the pool's thread whenever nothing is left to do
  Strand(Executor pool, Runnable atRest) {
    this.pool = pool;
    this.atRest = atRest;
  }

  /// Takes a job in; [#kick] has it done.
  synchronized void put(Job job) {
    waiting.add(job);
  }

  /// A job that goes before all that wait. From within a job.
  synchronized void putFirst(Job job) {
    waiting.addFirst(job);
  }

  synchronized boolean isIdle() {
    return waiting.isEmpty() && !busy;
  }

  /// Whether jobs wait behind the one at work.
  synchronized boolean hasWaiting() {
    return !waiting.isEmpty();
  }

  /// Has the jobs done, unless that is under way.
  void kick() {
    synchronized (this) {
      if (busy || waiting.isEmpty()) {
        return;
      }
      busy = true;
    }
    pool.execute(this::work);
  }

  private void work() {
    for (int done = 0; done < TOGETHER; done++) {
      Job job;
      synchronized (this) {
        job = waiting.poll();
        if (job == null) {
          busy = false;
        }
      }
      if (job == null) {
        atRest.run();
        return;
      }
      CompletionStage<?> waits = null;
      try {
        waits = job.run();
      } catch (Throwable unforeseen) {
        LOG.error("a job of a room's file failed in an unforeseen way", unforeseen);
      }
      if (waits != null) {
        var _ = waits.whenComplete((_, _) -> pool.execute(this::work));
        return;
      }
    }
    pool.execute(this::work);
  }
}
