package dev.dormouse.server.jetty;

import dev.dormouse.server.limits.Metering;
import java.util.Arrays;

/// Finds parked sockets whose clients say a lot at once: they are to come back to Jetty, where each
/// has a meter of its own. Counts by the tick and by the berth, in a table that several share, so
/// that nothing is kept for a socket that is parked; one that is woken for what another said loses
/// nothing.
///
/// Used by several loops without a lock: a count that gets lost in between does no harm.
final class Gusts {
  private static final int SLOTS = 4_096;

  private final Metering metering;
  private final int[] counts = new int[SLOTS];
  private int tick;

  Gusts(Metering metering) {
    this.metering = metering;
  }

  /// Counts frames of a parked client's; false if it is to come back with them.
  boolean allows(int berth, int frames) {
    int now = metering.tick();
    if (tick != now) {
      tick = now;
      Arrays.fill(counts, 0);
    }
    return (counts[berth & (SLOTS - 1)] += frames) <= metering.perTick();
  }
}
