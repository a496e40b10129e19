/// What people who write rooms import: a room, its context, its storage, alarms and connections.
///
/// Read [dev.dormouse.room.Room] first, then [dev.dormouse.room.RoomContext] and
/// [dev.dormouse.room.Namespace]. The rules behind each promise are numbered in
/// `docs/semantics.md`; comments here name them (T1, O2, ...).
@NullMarked
package dev.dormouse.room;

import org.jspecify.annotations.NullMarked;
