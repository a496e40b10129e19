package dev.dormouse.room.runtime;

import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/// The memory that awake rooms may take together, as [Weight] reckons it. A room for which there is
/// none to spare waits here before it is let in; rooms that have nothing to do then fall asleep
/// before their time, the longest idle first.
///
/// Large rooms come in up to the limit, in the order of coming. Small ones do not wait behind them,
/// and have a quarter more, and so have rooms that are awake for what they hold: work that has
/// begun goes before work that has not.
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

  /// Who waits for what, in the order of coming. Guarded by this.
  private final Map<Weight, Claim> waiting = new LinkedHashMap<>();

  /// @param small whether the room need not wait behind large ones
  private record Claim(long bytes, boolean small) {}

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

  /// The most for those who go before others, in bytes.
  private long mostOfAll() {
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
  /// @param small whether the room need not wait behind large ones
  /// @return whether they are taken now
  synchronized boolean enter(Weight weight, long bytes, boolean small) {
    Claim claim = new Claim(bytes, small);
    if ((small || waiting.isEmpty()) && fits(claim)) {
      taken += bytes;
      return true;
    }
    waiting.put(weight, claim);
    lookSoon();
    return false;
  }

  private boolean fits(Claim claim) {
    return taken + claim.bytes <= (claim.small ? mostOfAll() : most);
  }

  /// A room does not wait any more; false if it is on its way in.
  synchronized boolean withdraw(Weight weight) {
    boolean waited = waiting.remove(weight) != null;
    admit();
    return waited;
  }

  /// Takes `bytes` more for a room that is awake, if there are any to spare, or it is the only one.
  ///
  /// @param has what it has taken
  synchronized boolean grow(long bytes, long has) {
    if (taken + bytes > mostOfAll() && taken > has) {
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
    boolean large = true;
    for (var each = waiting.entrySet().iterator(); each.hasNext(); ) {
      Map.Entry<Weight, Claim> next = each.next();
      Claim claim = next.getValue();
      if ((claim.small || large) && fits(claim)) {
        Weight weight = next.getKey();
        each.remove();
        taken += claim.bytes;
        node.execution().start("lets in", () -> weight.granted(claim.bytes));
      } else if (!claim.small) {
        // Those behind it do not pass.
        large = false;
      }
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
      looking = wanted() > 0 && !node.isStopping();
      if (looking) {
        var _ =
            node.execution().schedule(LOOK, () -> node.execution().start("makes room", this::look));
      }
    }
  }

  /// How many bytes are to be given back.
  private long wanted() {
    Iterator<Claim> claims = waiting.values().iterator();
    long first = claims.hasNext() ? claims.next().bytes : 0;
    long again = refused == 0 ? 0 : taken + refused - mostOfAll();
    return Math.max(taken + first - most, again);
  }
}
