package dev.dormouse.saga.engine;

/// How one step of one saga stands.
///
/// @param index its place in the definition, over all stages
/// @param act how doing it stands
/// @param attempt the number of the latest attempt to do it; 0 before the first
/// @param round how often it was begun anew after a refusal
/// @param order the how-many-th step to start it was, which is the order of undoing reversed; 0
///   before
/// @param undo how undoing it stands
/// @param undoAttempt the number of the latest attempt to undo it
public record StepRow(
    int index, Act act, int attempt, int round, int order, Undo undo, int undoAttempt) {

  /// How doing a step stands.
  public enum Act {
    PENDING,
    /// Sent, not answered.
    STARTED,
    /// The latest attempt failed; the next one waits for its time.
    BACKING_OFF,
    DONE,
    /// The participant said no: there is no effect.
    REFUSED,
    /// Nobody answered: it may have been done, or be done yet.
    UNKNOWN,
    /// Somebody decided to go on without it.
    SKIPPED
  }

  /// How undoing a step stands.
  public enum Undo {
    NONE,
    STARTED,
    BACKING_OFF,
    UNDONE,
    FAILED,
    /// Somebody decided to let the effect stand.
    SKIPPED
  }

  static StepRow pending(int index) {
    return new StepRow(index, Act.PENDING, 0, 0, 0, Undo.NONE, 0);
  }

  StepRow act(Act act) {
    return new StepRow(index, act, attempt, round, order, undo, undoAttempt);
  }

  StepRow undo(Undo undo) {
    return new StepRow(index, act, attempt, round, order, undo, undoAttempt);
  }

  /// Attempt `attempt` is sent.
  StepRow sent(Way way, int attempt) {
    return switch (way) {
      case DO -> new StepRow(index, Act.STARTED, attempt, round, order, undo, undoAttempt);
      case UNDO -> new StepRow(index, act, this.attempt, round, order, Undo.STARTED, attempt);
    };
  }

  StepRow ordered(int order) {
    return new StepRow(index, act, attempt, round, order, undo, undoAttempt);
  }

  /// To be done again from the first attempt. After a refusal in a new round, so that the
  /// participant looks again instead of repeating its answer.
  StepRow anew() {
    int next = act == Act.REFUSED ? round + 1 : round;
    return new StepRow(index, Act.PENDING, 0, next, order, undo, undoAttempt);
  }

  StepRow backingOff(Way way) {
    return way == Way.DO ? act(Act.BACKING_OFF) : undo(Undo.BACKING_OFF);
  }

  int attempt(Way way) {
    return way == Way.DO ? attempt : undoAttempt;
  }

  /// Whether an answer or a next attempt is being waited for.
  public boolean underWay(Way way) {
    return switch (way) {
      case DO -> act == Act.STARTED || act == Act.BACKING_OFF;
      case UNDO -> undo == Undo.STARTED || undo == Undo.BACKING_OFF;
    };
  }

  /// Whether an answer is being waited for.
  boolean asked(Way way) {
    return way == Way.DO ? act == Act.STARTED : undo == Undo.STARTED;
  }

  /// Whether it stands in the way of going on.
  boolean inTrouble() {
    return act == Act.REFUSED || act == Act.UNKNOWN;
  }

  boolean mayHaveEffect() {
    return act == Act.DONE || act == Act.UNKNOWN;
  }
}
