package dev.dormouse.room.runtime;

import dev.dormouse.room.Refusal;
import dev.dormouse.room.spi.RoomSize;

/// What a room takes of the memory that awake rooms share ([AwakeMemory]): its state as far as that
/// is in memory, and what its instance says that it holds.
///
/// A room starts before anybody knows what it will hold, so it is let in with a guess, and the
/// guess stands until it has started. Tiny rooms are bounded by their number, and come in at once.
///
/// Guarded by the room's lock.
final class Weight {
  /// Reckoned in steps, so that a room that changes a little costs nothing here.
  private static final long STEP = 64 << 10;

  /// A guess up to this is not reckoned, in bytes: so much a room takes anyhow.
  private static final long TINY = 16 << 10;

  /// A room with a guess up to this is small, in bytes.
  private static final long SMALL = 768 << 10;

  private final RoomHost host;
  private final AwakeMemory memory;

  private long taken;

  /// What it was let in with, until it has started.
  private long guess;

  /// What the instance says.
  private long held;

  Weight(RoomHost host) {
    this.host = host;
    memory = host.node.memory();
  }

  long taken() {
    return taken;
  }

  /// The room's state was found to have `stored`. Whether the room may come in; if not, it will be
  /// told by [Readiness#admitted].
  boolean enters(RoomSize stored) {
    long more = guess(stored) - taken;
    if (more <= 0) {
      return true;
    }
    if (!memory.enter(this, more, more <= SMALL)) {
      return false;
    }
    take(more);
    return true;
  }

  /// It waits no more, unless it is on its way in.
  ///
  /// @return whether it waited
  boolean withdraws() {
    return memory.withdraw(this);
  }

  /// What it waited for was taken for it. Takes the lock.
  void granted(long bytes) {
    synchronized (host) {
      take(bytes);
      if (host.readiness.phase() == Phase.CROWDED) {
        host.readiness.admitted();
      } else {
        started();
      }
    }
  }

  private void take(long bytes) {
    taken += bytes;
    guess = taken;
  }

  private long guess(RoomSize stored) {
    long read = Math.min(stored.bytes(), host.namespace.limits().listBytes());
    long guess = read * host.namespace.memoryPerByte();
    return guess <= TINY ? 0 : Math.min(guess, memory.largest());
  }

  /// An instance is about to start. If it follows another in the same life of the room, it waits
  /// for nothing.
  void starts(RoomView view) {
    held = 0;
    guess = Math.max(guess, guess(view.size()));
    settle();
  }

  /// It has started, or is over: what it takes is known from here on.
  void started() {
    guess = 0;
    settle();
  }

  /// Reckons anew, after a turn.
  void settle() {
    RoomView view = host.viewOrNull();
    long state = view == null ? 0 : view.bytesInMemory();
    long now = Math.max(guess, (state + held) / STEP * STEP);
    if (now != taken) {
      memory.change(now - taken);
      taken = now;
    }
  }

  /// See [dev.dormouse.room.RoomContext#holds].
  ///
  /// @throws Refusal.Overloaded if there is no memory to spare for that
  void holds(long bytes, Activation activation) {
    long more = (bytes - held) / STEP * STEP;
    if (more == 0) {
      return;
    }
    if (more > 0 && !activation.starting) {
      if (!memory.grow(more, taken)) {
        throw new Refusal.Overloaded(
            "%s needs more memory than the server can spare; try again later".formatted(host.id));
      }
      taken += more;
    }
    long before = held;
    held = bytes;
    settle();
    Turn turn = activation.turn;
    if (turn != null) {
      turn.undo.add(() -> {
        held = before;
        settle();
      });
    }
  }

  /// The room leaves the memory, or its state is not known any more.
  void leaves() {
    guess = 0;
    held = 0;
    memory.change(-taken);
    taken = 0;
  }
}
