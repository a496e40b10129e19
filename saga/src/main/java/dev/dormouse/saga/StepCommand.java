package dev.dormouse.saga;

import dev.dormouse.room.RoomId;

/// What a saga asks of a [Participant].
public interface StepCommand {

  /// What is to be done, as the definition says it.
  String operation();

  /// Whether it takes back what the same step has done here.
  boolean undoes();

  /// The argument.
  ///
  /// @throws IllegalArgumentException if it is not a `type`
  <T> T payload(Class<T> type);

  /// The room that owns the saga.
  RoomId owner();

  /// Unique among the sagas of its owner.
  String sagaId();

  /// The step's name.
  String step();

  /// Names this command for an answer that comes later: a text to store, see [Participant#LATER]. A
  /// command that is carried out again, because it failed before, has another.
  String token();
}
