package dev.dormouse.room.runtime;

import dev.dormouse.room.RoomId;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/// Messages between facilities' parts in different rooms, on their way to the gates.
///
/// After a start with more overdue alarms than may be in flight they wait, in their order, until
/// the last of those alarms is handed out: what alarms cause must not keep other alarms from
/// ringing. They wait for no longer than [#LONGEST], and no more of them than [#MOST_BYTES]; then
/// both share the processors. Guarded by this object's lock.
final class Letters {
  /// Alarms whose handlers hang would otherwise hold up all mail. Shorter than senders wait before
  /// they send again.
  static final Duration LONGEST = Duration.ofMillis(1_500);

  /// Of messages and what keeps them, roughly.
  private static final long MOST_BYTES = 16L << 20;

  /// What a held message takes besides its own bytes.
  private static final int OVERHEAD = 200;

  private final RoomNode node;
  private final Deque<Letter> held = new ArrayDeque<>();
  private long heldBytes;
  private boolean holding;

  private record Letter(RoomId to, Item.Delivered item) {}

  Letters(RoomNode node) {
    this.node = node;
  }

  /// Brings a message to its room, now or later.
  void post(RoomId to, Item.Delivered item) {
    boolean full;
    synchronized (this) {
      if (holding) {
        held.add(new Letter(to, item));
        heldBytes += OVERHEAD + item.message().length;
      }
      full = holding && heldBytes > MOST_BYTES;
      if (holding && !full) {
        return;
      }
    }
    if (full) {
      letGo();
    } else {
      node.directory().arrive(to, item);
    }
  }

  /// From here on messages wait.
  void hold() {
    synchronized (this) {
      holding = true;
    }
    node.execution().schedule(LONGEST, this::letGo);
  }

  /// Messages wait no longer. Those that did leave first.
  void letGo() {
    // Not on this thread, which may be the store's or the outlet's.
    if (isHolding()) {
      node.execution().start("letters", this::empty);
    }
  }

  private synchronized boolean isHolding() {
    return holding;
  }

  private void empty() {
    for (Letter letter = next(); letter != null; letter = next()) {
      node.directory().arrive(letter.to(), letter.item());
    }
  }

  private synchronized @Nullable Letter next() {
    Letter letter = held.poll();
    if (letter == null) {
      holding = false;
      heldBytes = 0;
    }
    return letter;
  }
}
