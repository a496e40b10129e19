package dev.dormouse.rooms.fleet.registry;

import dev.dormouse.rooms.fleet.DeviceNote;
import java.io.Serializable;

/// A device's row.
///
/// @param note as it came last
/// @param epoch the registry's, when it came
record Entry(DeviceNote note, long epoch) implements Serializable {

  boolean isOnline(long present) {
    return note.online() && epoch == present;
  }

  /// The note as it holds now.
  DeviceNote now(long present) {
    return new DeviceNote(
        note.name(), note.number(), note.firmware(), isOnline(present), note.tags());
  }
}
