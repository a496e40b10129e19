package dev.dormouse.loadtest;

import java.time.Duration;

/// Waiting.
public final class Pause {
  private Pause() {}

  /// Blocks for `time`.
  ///
  /// @throws WireException if the thread is interrupted
  public static void of(Duration time) {
    try {
      Thread.sleep(time);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new WireException("interrupted while it waited", e);
    }
  }
}
