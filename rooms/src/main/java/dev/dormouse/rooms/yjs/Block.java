package dev.dormouse.rooms.yjs;

/// Where the structs of one client stand in an update.
///
/// @param client whose structs they are
/// @param clock the first clock of the first struct
/// @param structs how many there are
/// @param position where the first struct begins in the update's bytes
/// @param clocks the clocks they hold, without those they skip: start (inclusive), end (exclusive),
///   start, end ..., ascending; not to be changed
record Block(long client, long clock, int structs, int position, long[] clocks) {}
