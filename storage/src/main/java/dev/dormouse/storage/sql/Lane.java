package dev.dormouse.storage.sql;

import dev.dormouse.room.Refusal;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/// Lets a few do something at once; the others wait for their turn, in the order in which they
/// came, and hold no thread meanwhile.
///
/// All fields are guarded by this object.
final class Lane {
  private final int most;
  private final int mostWaiting;
  private final Deque<CompletableFuture<@Nullable Void>> waiting = new ArrayDeque<>();
  private int inside;

  Lane(int most, int mostWaiting) {
    this.most = most;
    this.mostWaiting = mostWaiting;
  }

  /// Takes a place, which [#leave] gives back; null if it is there, otherwise done when it is.
  ///
  /// @throws Refusal.Overloaded if too many wait
  synchronized @Nullable CompletableFuture<@Nullable Void> enter() {
    if (inside < most) {
      inside++;
      return null;
    }
    if (waiting.size() >= mostWaiting) {
      throw new Refusal.Overloaded("too many questions take long at present: ask again later");
    }
    CompletableFuture<@Nullable Void> place = new CompletableFuture<>();
    waiting.add(place);
    return place;
  }

  /// Hands the place to whoever has waited longest.
  void leave() {
    CompletableFuture<@Nullable Void> next;
    synchronized (this) {
      next = waiting.poll();
      if (next == null) {
        inside--;
      }
    }
    if (next != null) {
      next.complete(null);
    }
  }
}
