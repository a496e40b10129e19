package dev.dormouse.rooms.fleet.rollout;

import dev.dormouse.rooms.fleet.Verdict;
import java.io.Serializable;
import java.util.TreeMap;

/// How the devices of a group stand, kept up with every change, so that nobody has to go through
/// them.
///
/// @param count how many are in which state; states nobody is in are missing
/// @param failed how many devices failed for good: those that are tried again are not counted
/// @param unreached how many devices never heard of it, likewise
/// @param passedSince since when the gate behind it could be opened; 0 if it cannot
/// @param forgiven whether somebody has said to go on in spite of its failures
record Group(
    int size,
    TreeMap<DeviceState, Integer> count,
    int failed,
    int unreached,
    long passedSince,
    boolean forgiven)
    implements Serializable {

  static Group of(int size) {
    var count = new TreeMap<DeviceState, Integer>();
    count.put(DeviceState.WAITING, size);
    return new Group(size, count, 0, 0, 0, false);
  }

  int in(DeviceState state) {
    return count.getOrDefault(state, 0);
  }

  /// How many have the new firmware and are well.
  int succeeded() {
    return in(DeviceState.CONFIRMED) + in(DeviceState.UPDATED);
  }

  /// Whether nobody of it waits, is being updated or will be tried again.
  boolean isDecided() {
    return in(DeviceState.WAITING) + in(DeviceState.UPDATING) + in(DeviceState.RETRYING) == 0;
  }

  Group moved(DeviceState from, DeviceState to) {
    var moved = new TreeMap<>(count);
    moved.merge(from, -1, (old, one) -> old + one == 0 ? null : old + one);
    moved.merge(to, 1, Integer::sum);
    return new Group(size, moved, failed, unreached, passedSince, forgiven);
  }

  /// A device did not succeed, for that reason, and is not tried again; or, with -1, is after all.
  Group judged(Verdict verdict, int more) {
    if (verdict.isFailure()) {
      return failed(more);
    }
    return verdict == Verdict.UNREACHED ? unreached(more) : this;
  }

  Group failed(int more) {
    return new Group(size, count, failed + more, unreached, passedSince, forgiven);
  }

  Group unreached(int more) {
    return new Group(size, count, failed, unreached + more, passedSince, forgiven);
  }

  Group passed(long since) {
    return new Group(size, count, failed, unreached, since, forgiven);
  }

  Group forgive() {
    return new Group(size, count, failed, unreached, passedSince, true);
  }
}
