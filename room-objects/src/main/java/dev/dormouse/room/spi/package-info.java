/// The ports between the room runtime and the rest: threads and time, storage, sockets,
/// observation.
///
/// Only Dormouse's own modules implement or import them; rooms never do. Read
/// [dev.dormouse.room.spi.RoomStore] with [dev.dormouse.room.spi.WriteSet] first, then
/// [dev.dormouse.room.spi.Event] and [dev.dormouse.room.spi.Effect].
@NullMarked
package dev.dormouse.room.spi;

import org.jspecify.annotations.NullMarked;
