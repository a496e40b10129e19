package dev.dormouse.room.sim;

/// How simulated rooms are called.
interface SimCalls {
  /// Runs a program of the simulation's world.
  String run(int program);
}
