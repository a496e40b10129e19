/// Who is here, told in JSON to everybody who is; asleep while nobody comes or goes.
///
/// Read [PresenceRoom] first, then [Roll], which decides what is told.
@NullMarked
package dev.dormouse.rooms.presence;

import org.jspecify.annotations.NullMarked;
