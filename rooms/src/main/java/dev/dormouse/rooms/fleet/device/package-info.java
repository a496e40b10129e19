/// A device's room: what the device should be, what it says it is, commands, and the one firmware
/// update that may be open.
@NullMarked
package dev.dormouse.rooms.fleet.device;

import org.jspecify.annotations.NullMarked;
