package dev.dormouse.saga.engine;

import org.jspecify.annotations.Nullable;

/// What a participant remembers of one step of one saga.
public sealed interface ParticipantRecord {

  /// Nothing yet; never stored.
  record None() implements ParticipantRecord {}

  /// Done. The result is given again to whoever asks again.
  record Applied(byte @Nullable [] result) implements ParticipantRecord {}

  /// Begun, and to be answered in some later turn. What was begun counts as an effect.
  ///
  /// @param round as in [Refused]
  /// @param number tells this beginning from all others of the same step, for whoever answers
  record Due(int round, long number) implements ParticipantRecord {}

  /// Not done, and the participant said so.
  ///
  /// @param round see [StepRow#round]: a later one makes it look again
  record Refused(String reason, int round) implements ParticipantRecord {
    public Refused {
      reason = Cut.text(reason);
    }
  }

  /// Done and undone.
  record Reversed() implements ParticipantRecord {}

  /// The undo came first: a tombstone, so that the late "do" has no effect.
  record Blocked() implements ParticipantRecord {}
}
