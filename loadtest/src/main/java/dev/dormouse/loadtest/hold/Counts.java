package dev.dormouse.loadtest.hold;

import dev.dormouse.loadtest.figures.Tick;
import dev.dormouse.loadtest.figures.Times;

/// What a holder counts. Belongs to its thread, as all of its parts.
final class Counts {
  final Times waits = new Times();
  final Times lags = new Times();
  long open;
  long opening;
  long refused;
  long closed;
  long sent;
  long answered;
  long late;
  long wrong;

  /// How it stands, and the times since the last tick.
  Tick tick(long second) {
    Runtime runtime = Runtime.getRuntime();
    return new Tick(
        second,
        open,
        opening,
        refused,
        closed,
        sent,
        answered,
        late,
        wrong,
        runtime.totalMemory() - runtime.freeMemory(),
        waits.takeEncoded(),
        lags.takeEncoded());
  }
}
