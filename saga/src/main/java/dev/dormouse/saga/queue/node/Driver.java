package dev.dormouse.saga.queue.node;

import dev.dormouse.room.RoomException;
import dev.dormouse.room.spi.Execution;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Calls a group's room when there may be something to do, one call at a time, and again until the
/// room says that there is not. A call that fails is repeated, so that nothing depends on a room
/// that was reset in the middle of its work. Has a thread only while there is something to do.
final class Driver {
  private static final Logger log = LoggerFactory.getLogger(Driver.class);
  private static final long FIRST_PATIENCE = 250;
  private static final int MOST_DOUBLINGS = 7;

  /// What the room is called for.
  interface Work {
    /// @return in how many milliseconds it wants to be called again; [#NOTHING_TO_DO] if not before
    ///   it is poked
    long run();
  }

  static final long NOTHING_TO_DO = -1;

  private enum State {
    IDLE,
    RUNNING,
    POKED
  }

  private final String name;
  private final Work work;
  private final BooleanSupplier closed;
  private final Execution execution;
  private final AtomicReference<State> state = new AtomicReference<>(State.IDLE);

  /// What the thread waits for when the room wants to be called later; a poke ends that.
  private volatile Execution.@Nullable Signal nap;

  Driver(String name, Work work, BooleanSupplier closed, Execution execution) {
    this.name = name;
    this.work = work;
    this.closed = closed;
    this.execution = execution;
  }

  /// There may be something to do. Never blocks.
  void poke() {
    State before = state.getAndSet(State.POKED);
    if (before == State.IDLE) {
      execution.start(name, this::run);
    } else {
      Execution.Signal sleeping = nap;
      if (sleeping != null) {
        sleeping.complete();
      }
    }
  }

  private void run() {
    int failures = 0;
    while (!closed.getAsBoolean()) {
      state.set(State.RUNNING);
      try {
        long wait = work.run();
        failures = 0;
        if (wait == NOTHING_TO_DO) {
          if (state.compareAndSet(State.RUNNING, State.IDLE)) {
            return;
          }
        } else if (wait > 0) {
          nap(wait);
        }
      } catch (RoomException.GoingAway stopping) {
        // The process ends; the next one calls every group when it starts.
        break;
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        break;
      } catch (RuntimeException e) {
        failures++;
        if (!(e instanceof RoomException known) || !known.retryable()) {
          log.error("{} failed {} times in a row; it is tried again", name, failures, e);
        } else if (failures % 10 == 0) {
          log.warn("{} failed {} times in a row; it is tried again", name, failures, e);
        }
        if (!patience(failures)) {
          break;
        }
      }
    }
    state.set(State.IDLE);
  }

  private void nap(long millis) throws InterruptedException {
    Execution.Signal sleeping = execution.signal();
    nap = sleeping;
    if (state.get() == State.RUNNING) {
      sleeping.await(Duration.ofMillis(millis));
    }
    nap = null;
  }

  private boolean patience(int failures) {
    try {
      execution
          .signal()
          .await(Duration.ofMillis(FIRST_PATIENCE << Math.min(failures - 1, MOST_DOUBLINGS)));
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
