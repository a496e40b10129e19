package dev.dormouse.saga;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The sagas of one room: `context.facility(Sagas.class)`.
///
/// A saga belongs to the room that starts it. It is started, and everything below is done, as part
/// of the turn at hand: a throw undoes it with all else, and nothing is sent before it is durable.
/// What a saga writes never moves the room's version. An open saga needs nobody: the room may sleep
/// or the process end meanwhile.
///
/// The verbs throw [dev.dormouse.room.Refusal.NotFound] if there is no such saga, and
/// [dev.dormouse.room.Refusal.Refused] with status 409 if it is not in a state for it.
public interface Sagas {

  /// Starts a saga on the latest version of its definition, unless this room has one of this id
  /// already, whatever its input: so a caller that does not know may ask again.
  ///
  /// @param id 1 to 128 letters, digits, `.`, `_`, `:` and `-`; unique among the room's sagas
  /// @return how far it is
  /// @throws IllegalArgumentException if there is no such definition, the id cannot be one, or the
  ///   input is none of the definition's
  SagaStatus start(String definition, String id, Object input);

  /// How far a saga is, as this turn sees it; empty if there is none.
  Optional<SagaStatus> status(String id);

  /// Why it went back or was parked; empty if it never did.
  String cause(String id);

  /// What a step has answered; empty if it is not done or has answered nothing.
  <R> Optional<R> result(String id, String step, Class<R> type);

  /// Turns it back, unless it is past its pivot.
  void cancel(String id, String actor, String note);

  /// Sends nothing new until it is resumed; what was sent may still be answered.
  void pause(String id, String actor);

  void resume(String id, String actor);

  /// Tries again what is parked.
  void retry(String id, String actor, String note);

  /// Goes on without the step that is parked, or leaves its effect standing; the note says why.
  void skip(String id, String step, String actor, String note);

  /// Says how the step that is parked stands, for one who has found out or made sure.
  ///
  /// @param applied whether its effect stands
  void resolve(String id, String step, boolean applied, String actor, String note);

  /// All there is to see of it, as this turn sees it.
  SagaView view(String id);

  // ---- for participants

  /// Says that what a [Participant] answered [Participant#LATER] to has been done. Counts once, and
  /// only while somebody still waits for it: not after another answer, an undo or the saga's end,
  /// and not before `onCommand` has returned.
  ///
  /// @param token of [StepCommand#token]
  /// @param result what the saga keeps as the step's result, mapped by the codec; null for none
  /// @return whether it counted
  /// @throws IllegalArgumentException if it is no token, or the codec cannot map the result
  /// @throws dev.dormouse.room.Refusal.TooLarge if the result is too large; it stays due then
  boolean answer(String token, @Nullable Object result);

  /// Says that it was not done and will not be: nothing that the command began stands. Counts as
  /// [#answer] does.
  boolean refuse(String token, String reason);
}
