package dev.dormouse.crash;

/// What a saga is started with, and what is to go wrong on its way; steps are named, an empty name
/// is none.
///
/// @param seat what it wants of each participant; two sagas cannot have the same one
/// @param refuses the step that says no for good
/// @param stumbles the step that fails twice in each process, for every fourth seat more often than
///   it is tried
/// @param breaks the step that throws once in each process
/// @param sticks the step whose undo fails four times in each process, for seat 0 always
/// @param later the step that is answered in a later turn
public record Errand(
    int seat, String refuses, String stumbles, String breaks, String sticks, String later) {
  private static final int PLACES = 2;

  /// The name of the participants' rooms.
  String place() {
    return Integer.toString(seat % PLACES);
  }
}
