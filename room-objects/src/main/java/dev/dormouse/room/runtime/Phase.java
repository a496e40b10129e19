package dev.dormouse.room.runtime;

/// Whether a room can take events.
enum Phase {
  /// Nothing is known of its state; the next event loads it.
  UNLOADED,
  /// Its state is being read.
  LOADING,
  /// It is large, and there is no memory to spare for it: it waits until there is.
  CROWDED,
  /// Events may enter.
  READY,
  /// Its chain broke: the last write sets are awaited, then the state is read anew.
  SETTLING,
  /// It failed too often; events wait until its rest is over (T6).
  RESTING,
  /// It has left the memory, and its host the directory: events go to another (H1).
  ASLEEP
}
