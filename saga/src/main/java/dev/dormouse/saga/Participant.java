package dev.dormouse.saga;

import org.jspecify.annotations.Nullable;

/// What a room's class implements so that steps of sagas can ask something of it.
///
/// However often a command is repeated, lost or overtaken, it is carried out at most once, taken
/// back at most once, and never after it was taken back: the room's rows keep a record of it, in
/// the write set that has its effect.
public interface Participant {

  /// Returned by [#onCommand] for a step that is begun and cannot be answered yet: in any later
  /// turn, be it years and processes later, the room says [Sagas#answer] or [Sagas#refuse] with the
  /// command's token. The step's timeout goes on meanwhile, so give it a long one.
  ///
  /// While the answer is due the command is not carried out again, however often it comes. An undo
  /// is carried out, and nobody waits for the answer then. An undo itself cannot be answered later:
  /// it fails, and is tried again.
  Object LATER = Later.LATER;

  /// Carries out a command: a step, or the undo of one, as [StepCommand#operation] says. It is
  /// atomic and cannot wait: calls, `await`, `sleep` and `sync` are refused.
  ///
  /// A [dev.dormouse.room.Refusal] says no to a step, for good, unless it is retryable; nothing was
  /// changed then, and no field of the room either. Anything else thrown is a failure of the room
  /// (T4); the saga tries again. An undo that is refused is tried again, too.
  ///
  /// @return what the saga keeps as the step's result, mapped by the codec; null for none; or
  ///   [#LATER]
  @Nullable Object onCommand(StepCommand command) throws Exception;
}
