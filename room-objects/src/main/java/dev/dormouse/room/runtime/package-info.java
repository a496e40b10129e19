/// How rooms run: gates, turns, incarnations, the runtime's view of their storage, calls, alarms.
///
/// Read [dev.dormouse.room.runtime.RoomHost] first (one room, and what its parts are), then
/// [dev.dormouse.room.runtime.InputGate], [dev.dormouse.room.runtime.Turn] and
/// [dev.dormouse.room.runtime.OutputGate]. Only the wiring imports this package.
@NullMarked
package dev.dormouse.room.runtime;

import org.jspecify.annotations.NullMarked;
