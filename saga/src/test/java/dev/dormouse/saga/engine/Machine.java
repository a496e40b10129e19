package dev.dormouse.saga.engine;

import java.util.Optional;

/// What the checks drive: the real transitions, or the same with an error built in.
interface Machine {

  default Decision decide(Plan plan, SagaRow saga, Trigger trigger, long now) {
    return Transitions.decide(plan, saga, trigger, now);
  }

  default Ruling participate(ParticipantRecord record, Send command) {
    return Participation.on(record, command);
  }

  default Optional<Ruling.Say> answered(ParticipantRecord record, int step) {
    return Participation.answered(record, step, 0, null);
  }

  /// Whether an alarm's row may go before its transition is stored.
  default boolean losesAlarms() {
    return false;
  }

  /// Whether commands may leave before their transition is stored.
  default boolean sendsBeforeCommit() {
    return false;
  }

  /// Whether an outbox row may be marked as published before it is.
  default boolean marksFirst() {
    return false;
  }

  static Machine real() {
    return new Machine() {};
  }
}
