package dev.dormouse.room.runtime;

import dev.dormouse.room.Work;
import dev.dormouse.room.spi.Execution;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// Runs several pieces of work at once for one waiting handler, and gathers their ends.
final class FanOut {
  private FanOut() {}

  /// One piece's end. Written by its thread before the last of them signals, read after that.
  private static final class Piece<T extends @Nullable Object> {
    private List<T> result = List.of();
    private @Nullable Throwable failure;

    void run(Activation activation, Work<T, ?> work) {
      try {
        result =
            ScopedValue.where(Activation.CURRENT, activation)
                .call(() -> {
                  List<T> one = new ArrayList<>(1);
                  one.add(work.run());
                  return one;
                });
      } catch (Throwable t) {
        failure = t;
      }
    }
  }

  /// Blocks until all have ended.
  static <T extends @Nullable Object> List<T> run(
      Activation activation, List<? extends Work<T, ?>> calls) throws Exception {
    Execution execution = activation.host.node.execution();
    List<Piece<T>> pieces = new ArrayList<>();
    AtomicInteger open = new AtomicInteger(calls.size());
    Execution.Signal done = execution.signal();
    if (calls.isEmpty()) {
      done.complete();
    }
    for (Work<T, ?> call : calls) {
      Piece<T> piece = new Piece<>();
      pieces.add(piece);
      execution.start(
          "call of " + activation.host.id,
          () -> {
            piece.run(activation, call);
            if (open.decrementAndGet() == 0) {
              done.complete();
            }
          });
    }
    done.await();
    List<T> results = new ArrayList<>();
    List<Throwable> failures = new ArrayList<>();
    for (Piece<T> piece : pieces) {
      results.addAll(piece.result);
      if (piece.failure != null) {
        failures.add(piece.failure);
      }
    }
    if (!failures.isEmpty()) {
      throw first(failures);
    }
    return results;
  }

  /// The first failure, with the others suppressed onto it.
  private static Exception first(List<Throwable> failures) {
    Throwable first = failures.getFirst();
    failures.stream().skip(1).filter(other -> !other.equals(first)).forEach(first::addSuppressed);
    return switch (first) {
      case Error error -> throw error;
      case Exception exception -> exception;
      default -> new IllegalStateException(first);
    };
  }
}
