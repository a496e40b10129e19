/// The server: wires rooms, storage and the front, and is configured and started here.
///
/// Read [dev.dormouse.server.RoomServer] first, then [dev.dormouse.server.Setting].
@NullMarked
package dev.dormouse.server;

import org.jspecify.annotations.NullMarked;
