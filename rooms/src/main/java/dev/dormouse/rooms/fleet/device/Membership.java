package dev.dormouse.rooms.fleet.device;

import dev.dormouse.room.RoomContext;
import dev.dormouse.room.RoomException;
import dev.dormouse.rooms.fleet.Address;
import dev.dormouse.rooms.fleet.DeviceNote;
import dev.dormouse.rooms.fleet.Fleet;
import dev.dormouse.rooms.fleet.UpdateDevice;
import java.time.Duration;
import java.util.List;

/// Tells the tenant's registry what it knows of this device, when that has changed.
///
/// A note is due a moment after a change, so that a device that only reconnects is not told of. It
/// is an alarm that sees to it: whatever happens meanwhile, the registry hears in the end.
final class Membership {
  static final String ALARM = "registry";

  private static final String TOLD = "told";
  private static final String TAGS = "tags";
  private static final Duration MOMENT = Duration.ofMillis(250);
  private static final Duration AGAIN = Duration.ofSeconds(30);

  private final RoomContext context;
  private final Address address;
  private final Twin twin;

  Membership(RoomContext context, Address address, Twin twin) {
    this.context = context;
    this.address = address;
    this.twin = twin;
  }

  List<String> tags() {
    return context
        .storage()
        .getText(TAGS)
        .filter(text -> !text.isEmpty())
        .map(text -> List.of(text.split(",")))
        .orElse(List.of());
  }

  void tags(List<String> tags) {
    context.storage().putText(TAGS, String.join(",", tags));
  }

  /// Something may be different.
  ///
  /// @param online whether the device is connected once this turn is over
  void mayHaveChanged(boolean online) {
    if (!now(online).saysTheSameAs(told()) && context.alarms().get(ALARM).isEmpty()) {
      context.alarms().set(ALARM, context.clock().instant().plus(MOMENT));
    }
  }

  /// The process has started anew, and the registry takes everybody for gone.
  void restarted() {
    DeviceNote told = told();
    if (told.online()) {
      context
          .storage()
          .putValue(
              TOLD,
              new DeviceNote(told.name(), told.number(), told.firmware(), false, told.tags()));
    }
  }

  /// Waits for the registry.
  void rang() {
    DeviceNote now = now(context.connections().count() > 0);
    if (now.saysTheSameAs(told())) {
      return;
    }
    try {
      context.rooms().stub(Fleet.class, UpdateDevice.FLEETS, address.tenant()).note(now);
    } catch (RoomException e) {
      if (!e.retryable()) {
        throw e;
      }
      context.alarms().set(ALARM, context.clock().instant().plus(AGAIN));
      return;
    }
    context.storage().putValue(TOLD, now);
    mayHaveChanged(context.connections().count() > 0);
  }

  private DeviceNote told() {
    return context
        .storage()
        .getValue(TOLD, DeviceNote.class)
        .orElse(new DeviceNote(address.name(), 0, "", false, List.of()));
  }

  private DeviceNote now(boolean online) {
    return new DeviceNote(
        address.name(), told().number() + 1, twin.firmware(), online, List.copyOf(tags()));
  }
}
