package dev.dormouse.rooms.fleet.rollout;

import java.io.Serializable;

/// A device of the frozen list.
///
/// @param index its place in the list
/// @param attempt how often an update was begun
/// @param why why it is not updated; empty if nothing is wrong
/// @param token whom to answer when the rollout is decided; empty if it has not asked
/// @param again when it may be tried again, in milliseconds since 1970 UTC; 0 if it is not to be
record DeviceRow(
    int index, String name, int attempt, DeviceState state, String why, String token, long again)
    implements Serializable {

  static DeviceRow waiting(int index, String name) {
    return new DeviceRow(index, name, 0, DeviceState.WAITING, "", "", 0);
  }

  /// The id of its saga, and from which device and attempt it is.
  String saga() {
    return "%06d.%d".formatted(index, attempt);
  }

  /// The id of the saga that brings it back.
  String sagaBack() {
    return saga() + BACK;
  }

  static final String BACK = ".back";

  /// The place in the list that a saga's id names.
  static int index(String saga) {
    return Integer.parseInt(saga.substring(0, saga.indexOf('.')));
  }

  /// Whether this is the saga of the present attempt, there or back.
  boolean isOf(String saga) {
    return saga.equals(saga()) || saga.equals(sagaBack());
  }

  DeviceRow begun() {
    return new DeviceRow(index, name, attempt + 1, DeviceState.UPDATING, "", "", 0);
  }

  DeviceRow asking(String token) {
    return new DeviceRow(index, name, attempt, DeviceState.CONFIRMED, "", token, 0);
  }

  DeviceRow in(DeviceState state, String why) {
    return new DeviceRow(index, name, attempt, state, why, "", 0);
  }

  /// It did not succeed, and is tried again at that time or later.
  DeviceRow again(String why, long again) {
    return new DeviceRow(index, name, attempt, DeviceState.RETRYING, why, "", again);
  }
}
