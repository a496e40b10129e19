package dev.dormouse.room.runtime;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/// The memory that awake rooms may take together, as [Weight] reckons it. A large room waits here
/// before it is let in, in the order of coming, while there is none to spare; rooms that have
/// nothing to do then fall asleep before their time, the longest idle first.
///
/// Those that are awake come before those that are not: what they hold may grow to a quarter more.
///
/// Thread-safe. Its lock is taken under those of rooms, and never the other way round.
final class AwakeMemory {
  /// How often rooms are looked through for those that may sleep, while others wait.
  private static final Duration LOOK = Duration.ofMillis(250);

  /// For how long room is made for somebody who was refused.
  private static final Duration SOON = Duration.ofSeconds(2);

  private final RoomNode node;
  private final long most;

  /// In bytes. Guarded by this.
  private long taken;

  /// The most that a room that is awake was refused of late, in bytes, and when that was, on the
  /// execution's nano clock: its client comes again. Guarded by this.
  private long refused;

  private long refusedAt;

  /// Whether a look at the rooms is due. Guarded by this.
  private boolean looking;

  /// Who waits for how many bytes, in the order of coming. Guarded by this.
  private final Map<Weight, Long> waiting = new LinkedHashMap<>();

  /// @param most in bytes
  AwakeMemory(RoomNode node, long most) {
    this.node = node;
    this.most = most;
  }

  /// The most that one room is let in with, in bytes: so that the largest gets in some time.
  long largest() {
    return most / 2;
  }

  long most() {
    return most;
  }

  /// The most that rooms may take that were let in and have grown, in bytes.
  private long mostGrown() {
    return most + most / 4;
  }

  synchronized long taken() {
    return taken;
  }

  synchronized int waiting() {
    return waiting.size();
  }

  synchronized boolean isCrowded() {
    return taken > most / 2;
  }

  /// Takes `bytes` for a room that is to start; if there are none to spare, [Weight#granted] is
  /// called once they are taken.
  ///
  /// @return whether they are taken now
  synchronized boolean enter(Weight weight, long bytes) {
    if (waiting.isEmpty() && taken + bytes <= most) {
      taken += bytes;
      return true;
    }
    waiting.put(weight, bytes);
    lookSoon();
    return false;
  }

  /// A room does not wait any more; false if it is on its way in.
  synchronized boolean withdraw(Weight weight) {
    boolean waited = waiting.remove(weight) != null;
    admit();
    return waited;
  }

  /// Takes `bytes` more for a room that is awake, if there are any to spare.
  synchronized boolean grow(long bytes) {
    if (taken + bytes > mostGrown()) {
      refused = Math.max(refused, bytes);
      refusedAt = node.execution().nanoTime();
      lookSoon();
      return false;
    }
    taken += bytes;
    return true;
  }

  /// What a room takes has changed by `bytes`, whether there are any to spare or not.
  synchronized void change(long bytes) {
    taken += bytes;
    if (bytes < 0) {
      admit();
    } else if (taken > most) {
      lookSoon();
    }
  }

  /// Lets in who is next; on threads of their own, since whoever gives memory back has a room's
  /// lock.
  private void admit() {
    while (!waiting.isEmpty()) {
      Map.Entry<Weight, Long> first = waiting.entrySet().iterator().next();
      Weight weight = first.getKey();
      long bytes = first.getValue();
      if (taken + bytes > most) {
        return;
      }
      waiting.remove(weight);
      taken += bytes;
      node.execution().start("lets in", () -> weight.granted(bytes));
    }
  }

  private void lookSoon() {
    if (!looking) {
      looking = true;
      node.execution().start("makes room", this::look);
    }
  }

  private void look() {
    long wanted;
    synchronized (this) {
      if (node.execution().nanoTime() - refusedAt > SOON.toNanos()) {
        refused = 0;
      }
      wanted = wanted();
    }
    if (wanted > 0) {
      node.directory().sleepFor(wanted);
    }
    synchronized (this) {
      looking = wanted() > 0;
      if (looking) {
        var _ =
            node.execution().schedule(LOOK, () -> node.execution().start("makes room", this::look));
      }
    }
  }

  /// How many bytes are to be given back.
  private long wanted() {
    long first = waiting.isEmpty() ? 0 : waiting.values().iterator().next();
    long again = refused == 0 ? 0 : taken + refused - mostGrown();
    return Math.max(taken + first - most, again);
  }
}
