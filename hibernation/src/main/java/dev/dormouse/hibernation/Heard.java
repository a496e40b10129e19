package dev.dormouse.hibernation;

/// What became of a message of a client's.
public enum Heard {
  /// Its room is not entered: it was answered, kept by a doorman, or dropped.
  SPARED,
  /// Its room gets it.
  POSTED,
  /// Its room gets it, and is behind: no more may be read until [Wire#readOn].
  BEHIND
}
