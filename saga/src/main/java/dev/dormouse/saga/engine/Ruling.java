package dev.dormouse.saga.engine;

/// What a participant does about a command.
public sealed interface Ruling {

  /// Let the effect happen now, and end the turn with [Participation#applied],
  /// [Participation#refused] or [Participation#later].
  record Apply() implements Ruling {}

  /// Take the effect back now, and end the turn with [Participation#reversed].
  record Reverse() implements Ruling {}

  /// Do nothing: its answer is due, and will come.
  record Wait() implements Ruling {}

  /// Remember this and answer that; both in the write set that has the effect.
  record Say(ParticipantRecord record, Trigger.Reply reply) implements Ruling {}
}
