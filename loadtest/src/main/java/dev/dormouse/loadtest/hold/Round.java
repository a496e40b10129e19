package dev.dormouse.loadtest.hold;

/// Everybody once, then everybody again, neighbours far apart: so that those who share a room are
/// not woken one after the other. Belongs to one thread.
final class Round {
  private static final double GOLDEN = 0.618_033_988_749_895;

  private final int size;
  private final int step;
  private int at;

  /// @param size at least 1
  Round(int size) {
    this.size = size;
    int step = Math.max(1, (int) (size * GOLDEN));
    while (divisor(step, size) != 1) {
      step++;
    }
    this.step = step % size;
  }

  int next() {
    int next = at;
    at = (int) (((long) at + step) % size);
    return next;
  }

  private static int divisor(int a, int b) {
    return b == 0 ? a : divisor(b, a % b);
  }
}
