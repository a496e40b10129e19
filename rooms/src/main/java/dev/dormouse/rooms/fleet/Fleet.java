package dev.dormouse.rooms.fleet;

/// What other rooms ask of a tenant's registry of devices.
public interface Fleet {

  /// A device is there, or is different now. One that comes late changes nothing.
  void note(DeviceNote note);

  /// Devices in order of their names.
  ///
  /// @param after the name behind which to begin; empty for the beginning
  /// @param limit how many at most, 1 to 1,000
  DevicePage page(DeviceFilter filter, String after, int limit);

  /// A rollout is there, or has another status now.
  void rollout(String name, String status);
}
