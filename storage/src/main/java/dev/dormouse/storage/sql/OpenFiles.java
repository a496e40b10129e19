package dev.dormouse.storage.sql;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/// Lets a limited number of rooms have their files open. Who wants one more waits until the one
/// that was used least lately, of those that are not in use, is closed.
///
/// All fields are guarded by this object; rooms are asked outside of the lock.
final class OpenFiles {
  private final int most;

  /// Those that may be open, in order of use; true while one has been asked to close.
  private final Map<SqlRoom, Boolean> open =
      new LinkedHashMap<>(16, 0.75f, /* accessOrder= */ true);

  private final Deque<Waiting> waiting = new ArrayDeque<>();

  private record Waiting(SqlRoom room, CompletableFuture<Void> may) {}

  OpenFiles(int most) {
    this.most = most;
  }

  synchronized int size() {
    return open.size();
  }

  /// How many rooms wait for a place.
  synchronized int waiting() {
    return waiting.size();
  }

  /// Completes when `room` may open its file.
  CompletableFuture<Void> enter(SqlRoom room) {
    Waiting mine = new Waiting(room, new CompletableFuture<>());
    synchronized (this) {
      if (open.size() < most && waiting.isEmpty()) {
        open.put(room, false);
        return CompletableFuture.completedFuture(null);
      }
      waiting.add(mine);
    }
    askOne();
    return mine.may();
  }

  /// The room uses its file.
  synchronized void used(SqlRoom room) {
    // The look moves it to the end of the order.
    var _ = open.get(room);
  }

  /// The room is at rest: somebody else may want its place.
  void rests(SqlRoom room) {
    synchronized (this) {
      if (waiting.isEmpty() || !Boolean.FALSE.equals(open.get(room))) {
        return;
      }
      open.put(room, true);
    }
    room.mayClose();
  }

  /// The room was asked to close, and was in use.
  void stays(SqlRoom room) {
    synchronized (this) {
      open.replace(room, false);
    }
    askOne();
  }

  /// The room's file is closed.
  void left(SqlRoom room) {
    Waiting next;
    synchronized (this) {
      open.remove(room);
      next = open.size() < most ? waiting.poll() : null;
      if (next != null) {
        open.put(next.room(), false);
      }
    }
    if (next != null) {
      next.may().complete(null);
    }
  }

  private void askOne() {
    SqlRoom asked = null;
    synchronized (this) {
      long closing = open.values().stream().filter(asking -> asking).count();
      if (closing < waiting.size()) {
        asked = leastUsed();
      }
      if (asked != null) {
        open.replace(asked, true);
      }
    }
    if (asked != null) {
      asked.mayClose();
    }
  }

  private @Nullable SqlRoom leastUsed() {
    for (Map.Entry<SqlRoom, Boolean> each : open.entrySet()) {
      if (!each.getValue() && each.getKey().isAtRest()) {
        return each.getKey();
      }
    }
    return null;
  }
}
