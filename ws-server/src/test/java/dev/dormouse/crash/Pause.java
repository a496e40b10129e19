package dev.dormouse.crash;

import java.nio.file.Files;
import java.nio.file.Path;

/// Between two trials: waits while the file is there that `-Ddormouse.crash.pause` names, so that
/// others can measure on the same machine.
final class Pause {
  private static final String FILE = System.getProperty("dormouse.crash.pause", "");

  private Pause() {}

  /// @return how long it has waited, in ns
  static long between() throws InterruptedException {
    long from = System.nanoTime();
    while (!FILE.isEmpty() && Files.exists(Path.of(FILE))) {
      Thread.sleep(500);
    }
    return System.nanoTime() - from;
  }
}
