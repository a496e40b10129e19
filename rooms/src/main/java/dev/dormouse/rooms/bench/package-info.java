/// The rooms that are measured: echo, broadcast, durable compare-and-set and alarms in one, sagas
/// in the other, behind a contract so small that any server can offer it.
@NullMarked
package dev.dormouse.rooms.bench;

import org.jspecify.annotations.NullMarked;
