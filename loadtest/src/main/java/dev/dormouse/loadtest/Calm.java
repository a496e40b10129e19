package dev.dormouse.loadtest;

import java.time.Duration;
import java.util.Optional;

/// A machine that others leave alone: what figures should be measured on.
public final class Calm {
  /// Above this many cores used by others the figures are disturbed.
  public static final double OTHERS_MAY_USE = 0.3;

  private static final long LOOK_MS = 500;

  private Calm() {}

  /// Blocks until others have left the machine alone for half a second, or until `atMost` is over;
  /// what disturbs the run then is written beneath the table.
  public static void await(Duration atMost) {
    Meter meter = new Meter(Optional.empty());
    long end = System.nanoTime() + atMost.toNanos();
    while (System.nanoTime() < end) {
      Meter.Reading before = meter.read();
      try {
        Thread.sleep(LOOK_MS);
      } catch (InterruptedException _) {
        Thread.currentThread().interrupt();
        return;
      }
      if (meter.between(before, meter.read()).otherCores().orElse(0) <= OTHERS_MAY_USE) {
        return;
      }
    }
  }
}
