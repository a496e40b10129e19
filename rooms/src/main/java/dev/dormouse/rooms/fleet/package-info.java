/// Fleets of devices: what their rooms say to each other, and the saga that updates one device.
///
/// A device is a room, a tenant's registry of devices is a room, a rollout of new firmware is a
/// room. Read [dev.dormouse.rooms.fleet.UpdateDevice] first.
@NullMarked
package dev.dormouse.rooms.fleet;

import org.jspecify.annotations.NullMarked;
