package dev.dormouse.storage;

import dev.dormouse.room.spi.RoomSize;

/// What a writer needs to know of a room before it can write to it.
///
/// @param number its integer key in the file; given out before the row exists
/// @param sequence of the last write set that is stored, 0 if there is none
/// @param named whether its row has a name
/// @param size how much it has stored
/// @param stored whether it has a row
record KnownRoom(long number, long sequence, boolean named, RoomSize size, boolean stored) {}
