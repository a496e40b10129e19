package dev.dormouse.room.sim;

/// How sleepers are called.
interface SleeperCalls {
  int knock();
}
