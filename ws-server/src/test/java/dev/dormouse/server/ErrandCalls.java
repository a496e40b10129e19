package dev.dormouse.server;

/// What tests ask of an [ErrandRoom].
interface ErrandCalls {

  /// What the room has taken; `nothing` if it has not.
  String taken();

  /// Answers the step that waits; false if none does.
  boolean goOn();
}
