package dev.dormouse.room.runtime;

import java.util.ArrayList;
import java.util.List;

/// What one wake-up of a reading thread has made ready: rooms of non-blocking namespaces, which
/// then run on that very thread, before anything is flushed.
///
/// Of one thread, and used by no other.
final class Reading {
  private static final ScopedValue<Reading> CURRENT = ScopedValue.newInstance();

  private final List<Runnable> ready = new ArrayList<>();

  private Reading() {}

  /// See [RoomNode#reading].
  static void run(Runnable body) {
    ScopedValue.where(CURRENT, new Reading())
        .run(() -> {
          try {
            body.run();
          } finally {
            runReady();
          }
        });
  }

  /// See [RoomNode#runReady].
  static void runReady() {
    if (!CURRENT.isBound()) {
      return;
    }
    List<Runnable> ready = CURRENT.get().ready;
    // Rooms may make others ready; those run too.
    for (int i = 0; i < ready.size(); i++) {
      ready.get(i).run();
    }
    ready.clear();
  }

  /// Leaves `drain` to the reading that is under way on this thread, if there is one.
  static boolean gather(Runnable drain) {
    if (!CURRENT.isBound()) {
      return false;
    }
    CURRENT.get().ready.add(drain);
    return true;
  }
}
