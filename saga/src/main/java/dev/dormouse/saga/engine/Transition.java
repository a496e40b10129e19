package dev.dormouse.saga.engine;

/// The transitions a saga can make. Each line of its log, and each decision, names one.
public enum Transition {
  T1("started"),
  T1_AGAIN("started with a known id"),
  T2("a step is done, more are to do"),
  T3("the last step is done"),
  T4("a step is refused and there is a way back"),
  T5("a step is tried again"),
  T6("a step's outcome is unknown, or it is cancelled or late: it goes back"),
  T7("a step does not succeed and there is no way back"),
  T8("a step is undone"),
  T9("an undo is tried again"),
  T10("an undo does not succeed"),
  T11("somebody, a review or a late answer deals with what is parked"),
  T12("it does not match, or is refused: nothing changes"),
  T13("paused, or still paused"),
  T14("resumed");

  private final String meaning;

  Transition(String meaning) {
    this.meaning = meaning;
  }

  /// For people.
  public String meaning() {
    return meaning;
  }

  /// `T5`; a start with a known id is `T1'`.
  @Override
  public String toString() {
    return this == T1_AGAIN ? "T1'" : name();
  }

  static Transition of(String text) {
    return text.equals("T1'") ? T1_AGAIN : valueOf(text);
  }
}
