package dev.dormouse.rooms.fleet;

import java.io.Serializable;
import java.util.List;

/// What a registry knows of a device.
///
/// @param name unique among the tenant's devices
/// @param number counts the notes of this device, so that a late one is known as such
/// @param firmware the version it has said last; empty if it never did
/// @param online whether it is connected
/// @param tags in order
public record DeviceNote(
    String name, long number, String firmware, boolean online, List<String> tags)
    implements Serializable {

  /// Whether the registry would learn nothing from this one.
  public boolean saysTheSameAs(DeviceNote other) {
    return firmware.equals(other.firmware) && online == other.online && tags.equals(other.tags);
  }
}
