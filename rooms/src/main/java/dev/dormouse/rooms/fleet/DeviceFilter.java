package dev.dormouse.rooms.fleet;

import dev.dormouse.room.Refusal;
import java.io.Serializable;
import java.util.Optional;

/// Which devices are meant: those for which all holds that is said.
///
/// @param firmware the version they have; empty for any
/// @param tag a tag they carry; empty for any
/// @param online whether they are connected; empty for both
public record DeviceFilter(String firmware, String tag, String online) implements Serializable {
  public static final DeviceFilter ALL = new DeviceFilter("", "", "");

  public DeviceFilter {
    firmware = Optional.ofNullable(firmware).orElse("");
    tag = Optional.ofNullable(tag).orElse("");
    online = Optional.ofNullable(online).orElse("");
  }

  /// This filter, if it can be meant.
  ///
  /// @throws Refusal.Refused with 400 if not
  public DeviceFilter checked() {
    if (!online.isEmpty() && !online.equals("true") && !online.equals("false")) {
      throw new Refusal.Refused(400, "'online' is true or false");
    }
    return this;
  }

  public boolean takes(DeviceNote note) {
    return (firmware.isEmpty() || firmware.equals(note.firmware()))
        && (tag.isEmpty() || note.tags().contains(tag))
        && (online.isEmpty() || online.equals(Boolean.toString(note.online())));
  }
}
