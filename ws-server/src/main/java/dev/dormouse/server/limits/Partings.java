package dev.dormouse.server.limits;

import dev.dormouse.room.spi.Execution;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/// Clients that were told why they are not let in, and are closed as soon as they have hung up, or
/// after a second: a socket that is closed while the client's request is on its way is reset, and
/// the client would not see the answer.
///
/// A bounded number at once; those beyond are closed without a word. For any thread.
final class Partings {
  private static final Duration STAY = Duration.ofSeconds(1);
  private static final Duration LOOK = Duration.ofMillis(50);

  private final Execution execution;
  private final int most;

  /// Oldest first. Guarded by this, as is the next.
  private final Deque<Parting> all = new ArrayDeque<>();

  private boolean watching;

  /// @param until when it is closed at the latest, in nanoseconds
  private record Parting(Stranger stranger, long until) {}

  Partings(Execution execution, int most) {
    this.execution = execution;
    this.most = most;
  }

  synchronized int size() {
    return all.size();
  }

  /// Tells a client, if there is room for it, and sees to it that it is closed.
  void add(Stranger stranger, Reason why) {
    if (size() >= most || !stranger.tell(why.answer())) {
      stranger.close();
      return;
    }
    boolean first;
    synchronized (this) {
      all.add(new Parting(stranger, execution.nanoTime() + STAY.toNanos()));
      first = !watching;
      watching = true;
    }
    if (first) {
      var _ = execution.schedule(LOOK, this::look);
    }
  }

  /// Only one look is under way at a time, and only a look takes one out.
  private void look() {
    List<Parting> here;
    synchronized (this) {
      here = List.copyOf(all);
    }
    long now = execution.nanoTime();
    List<Parting> over = new ArrayList<>();
    for (Parting each : here) {
      if (each.stranger.gone() || each.until - now <= 0) {
        each.stranger.close();
        over.add(each);
      }
    }
    synchronized (this) {
      all.removeAll(over);
      watching = !all.isEmpty();
      if (!watching) {
        return;
      }
    }
    var _ = execution.schedule(LOOK, this::look);
  }
}
