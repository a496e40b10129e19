package dev.dormouse.saga.engine;

/// What whoever asked for something is told: whether it was taken, and if not why not.
public record Answer(boolean accepted, String why) {
  static final Answer YES = new Answer(true, "");

  static Answer no(String why) {
    return new Answer(false, why);
  }
}
