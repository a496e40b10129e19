package dev.dormouse.storage;

/// Waiting for the store's own threads.
final class Threads {
  private Threads() {}

  /// Waits until `thread` has ended, however often the caller is interrupted meanwhile; keeps the
  /// interrupt.
  static void join(Thread thread) {
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
