package dev.dormouse.saga.engine;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The participant's side: whatever is repeated, lost or overtaken on the way, the effect happens
/// at most once, is taken back at most once, and never after it was taken back.
///
/// Pure: the caller keeps the record and has the effect. Record, effect and answer belong into one
/// write set. An effect that throws leaves no record; the answer is [Trigger.Failed] then.
public final class Participation {
  private Participation() {}

  public static Ruling on(ParticipantRecord record, Send command) {
    return switch (command.way()) {
      case DO -> toDo(record, command);
      case UNDO -> toUndo(record, command.step());
    };
  }

  private static Ruling toDo(ParticipantRecord record, Send command) {
    int step = command.step();
    return switch (record) {
      case ParticipantRecord.None _ -> new Ruling.Apply();
      case ParticipantRecord.Due _ -> new Ruling.Wait();
      case ParticipantRecord.Applied applied ->
          new Ruling.Say(record, new Trigger.Ok(step, applied.result()));
      case ParticipantRecord.Refused refused ->
          command.round() > refused.round()
              ? new Ruling.Apply()
              : new Ruling.Say(record, new Trigger.Refused(step, refused.reason()));
      case ParticipantRecord.Reversed _, ParticipantRecord.Blocked _ ->
          new Ruling.Say(record, new Trigger.Refused(step, "late: it was undone"));
    };
  }

  private static Ruling toUndo(ParticipantRecord record, int step) {
    Trigger.Reply undone = new Trigger.Undone(step);
    return switch (record) {
      case ParticipantRecord.None _ -> new Ruling.Say(new ParticipantRecord.Blocked(), undone);
      case ParticipantRecord.Applied _, ParticipantRecord.Due _ -> new Ruling.Reverse();
      case ParticipantRecord.Refused _, ParticipantRecord.Reversed _, ParticipantRecord.Blocked _ ->
          new Ruling.Say(record, undone);
    };
  }

  public static Ruling.Say applied(Send command, byte @Nullable [] result) {
    return new Ruling.Say(
        new ParticipantRecord.Applied(result), new Trigger.Ok(command.step(), result));
  }

  public static Ruling.Say refused(Send command, String reason) {
    return new Ruling.Say(
        new ParticipantRecord.Refused(reason, command.round()),
        new Trigger.Refused(command.step(), reason));
  }

  /// The effect has begun, and its answer comes later.
  ///
  /// @param number see [ParticipantRecord.Due#number]
  public static ParticipantRecord later(Send command, long number) {
    return new ParticipantRecord.Due(command.round(), number);
  }

  /// The answer to what was begun as `number` has come: it was done.
  ///
  /// @return empty if nobody waits for it, be it any more
  public static Optional<Ruling.Say> answered(
      ParticipantRecord record, int step, long number, byte @Nullable [] result) {
    return record instanceof ParticipantRecord.Due due && due.number() == number
        ? Optional.of(
            new Ruling.Say(new ParticipantRecord.Applied(result), new Trigger.Ok(step, result)))
        : Optional.empty();
  }

  /// The same, but it was not done, and nothing of it stands.
  public static Optional<Ruling.Say> refusedLater(
      ParticipantRecord record, int step, long number, String reason) {
    return record instanceof ParticipantRecord.Due due && due.number() == number
        ? Optional.of(
            new Ruling.Say(
                new ParticipantRecord.Refused(reason, due.round()),
                new Trigger.Refused(step, reason)))
        : Optional.empty();
  }

  public static Ruling.Say reversed(Send command) {
    return new Ruling.Say(new ParticipantRecord.Reversed(), new Trigger.Undone(command.step()));
  }
}
