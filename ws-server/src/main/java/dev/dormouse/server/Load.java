package dev.dormouse.server;

import dev.dormouse.hibernation.SocketCounters;
import dev.dormouse.room.runtime.RoomNode;
import dev.dormouse.room.spi.Execution;
import dev.dormouse.server.limits.Burden;
import dev.dormouse.server.limits.Patience;
import dev.dormouse.server.limits.Ticks;
import org.jspecify.annotations.Nullable;

/// What a server bears: the clock that limits go by, and what waits in memory on both sides of the
/// rooms. Safe for any thread once it is started.
final class Load {
  private final Ticks ticks;
  private final Burden burden;
  private final Patience patience;

  /// Set at the start.
  private volatile @Nullable RoomNode node;

  /// @param most how much may wait, in bytes
  Load(Ticks ticks, Execution execution, long most, SocketCounters counters) {
    this.ticks = ticks;
    this.burden = new Burden(most, () -> counters.queued.sum() + atRooms());
    this.patience = new Patience(burden, ticks, execution);
  }

  private long atRooms() {
    RoomNode its = node;
    return its == null ? 0 : its.waiting();
  }

  void start(RoomNode rooms) {
    node = rooms;
    ticks.each(burden::weigh);
    ticks.each(patience::tick);
    ticks.start();
  }

  boolean heavy() {
    return burden.heavy();
  }

  Burden burden() {
    return burden;
  }

  Patience patience() {
    return patience;
  }

  void stop() {
    ticks.stop();
  }
}
