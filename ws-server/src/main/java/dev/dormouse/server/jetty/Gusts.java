package dev.dormouse.server.jetty;

import dev.dormouse.server.limits.IntTable;
import dev.dormouse.server.limits.Meter;
import dev.dormouse.server.limits.Metering;
import java.util.Arrays;

/// What clients say whose sockets are parked. Who pays for it is kept, four bytes for each: a
/// client that was quiet for a while has the same address and user as before. Those who say a lot
/// at once are to come back to Jetty, where each has a meter of its own. That is counted by the
/// tick and by the berth, in a table that several share, so that nothing is kept for it; one that
/// is woken for what another said loses nothing.
///
/// Used by several loops without a lock: a count that gets lost in between does no harm.
final class Gusts {
  private static final int SLOTS = 4_096;

  private final Metering metering;

  /// By the berth; written by who parks it, before anybody else knows of it.
  private final IntTable accounts = new IntTable();

  private final int[] counts = new int[SLOTS];
  private int tick;

  Gusts(Metering metering) {
    this.metering = metering;
  }

  /// @param account see [Meter#account]
  void parks(int berth, int account) {
    accounts.set(berth, account);
  }

  /// A meter for one that comes back.
  Meter meter(int berth) {
    return metering.meter(accounts.get(berth));
  }

  /// Counts frames of a parked client's; false if it is to come back with them.
  boolean allows(int berth, int frames, int bytes) {
    int now = metering.tick();
    if (tick != now) {
      tick = now;
      Arrays.fill(counts, 0);
    }
    return (counts[berth & (SLOTS - 1)] += frames) <= metering.perTick()
        && metering.charge(accounts.get(berth), frames, bytes);
  }
}
