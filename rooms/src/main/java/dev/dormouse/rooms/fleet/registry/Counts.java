package dev.dormouse.rooms.fleet.registry;

import java.io.Serializable;
import java.util.TreeMap;

/// How many devices there are, kept up with every note, so that nobody has to go through them.
///
/// @param epoch how often the process had started when the registry last began: who was connected
///   in an earlier one is not connected now
/// @param online of this epoch
/// @param firmware how many have which version, without those that never said
record Counts(long devices, long online, long epoch, TreeMap<String, Long> firmware)
    implements Serializable {
  static final Counts NONE = new Counts(0, 0, 0, new TreeMap<>());

  /// The process has started anew: nobody is connected.
  Counts restarted() {
    return new Counts(devices, 0, epoch + 1, firmware);
  }

  Counts plus(Entry entry, int sign) {
    TreeMap<String, Long> versions = new TreeMap<>(firmware);
    String version = entry.note().firmware();
    if (!version.isEmpty()) {
      versions.merge(version, (long) sign, (old, more) -> old + more == 0 ? null : old + more);
    }
    long connected = entry.isOnline(epoch) ? sign : 0;
    return new Counts(devices + sign, online + connected, epoch, versions);
  }
}
