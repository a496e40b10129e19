package dev.dormouse.saga.facility;

import dev.dormouse.room.Refusal;
import dev.dormouse.room.RoomId;
import dev.dormouse.room.spi.FacilityRoom;
import dev.dormouse.saga.Participant;
import dev.dormouse.saga.engine.MessageCodec;
import dev.dormouse.saga.engine.ParticipantRecord;
import dev.dormouse.saga.engine.Participation;
import dev.dormouse.saga.engine.Ruling;
import dev.dormouse.saga.engine.SagaCommand;
import dev.dormouse.saga.engine.Send;
import dev.dormouse.saga.engine.Trigger;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A room that takes part in sagas of others, or of its own: record, effect and answer are one
/// turn.
final class Attendance {
  private final FacilityRoom room;
  private final Mail mail;
  private final Records records;
  private final int most;

  /// @param most how large a result may be, in bytes
  Attendance(FacilityRoom room, Mail mail, Records records, int most) {
    this.room = room;
    this.mail = mail;
    this.records = records;
    this.most = most;
  }

  /// What the room has said, as it is kept.
  ///
  /// @param later whether it will say it some time
  private record Said(boolean later, byte @Nullable [] result) {}

  /// @param number of the letter that brought the command
  /// @param again whether it was taken before: then it is answered, if there is an answer, and
  ///   nothing else
  void take(RoomId owner, SagaCommand command, long number, boolean again) throws Exception {
    Asked asked = new Asked(owner, command, number, room.codec());
    Send send = command.send();
    ParticipantRecord record = records.get(owner, name(command), command.started());
    boolean known = !(record instanceof ParticipantRecord.None);
    switch (Participation.on(record, send)) {
      case Ruling.Say say when known -> answer(asked, say);
      // Its record may be gone because its saga has ended, or the attempt may have failed.
      case Ruling _ when again -> {}
      case Ruling.Say say -> say(asked, say);
      case Ruling.Wait _ -> {}
      case Ruling.Apply _ -> apply(asked);
      case Ruling.Reverse _ -> reverse(asked);
    }
  }

  private void apply(Asked asked) throws Exception {
    RoomId owner = asked.owner();
    SagaCommand command = asked.command();
    Send send = command.send();
    if (!(room.room() instanceof Participant participant)) {
      say(asked, Participation.refused(send, room.id() + " takes no part in sagas"));
      return;
    }
    Said said;
    try {
      said =
          room.transaction(() -> {
            Object answer = participant.onCommand(asked);
            boolean later = Participant.LATER.equals(answer);
            return new Said(later, later ? null : encoded(answer));
          });
    } catch (Refusal no) {
      if (no.retryable()) {
        failed(owner, command, asked.number(), no);
      } else {
        say(asked, Participation.refused(send, message(no)));
      }
      return;
    }
    if (said.later()) {
      ParticipantRecord due = Participation.later(send, asked.number());
      records.put(owner, name(command), command.started(), due);
    } else {
      say(asked, Participation.applied(send, said.result()));
    }
  }

  private void reverse(Asked asked) throws Exception {
    RoomId owner = asked.owner();
    SagaCommand command = asked.command();
    if (!(room.room() instanceof Participant participant)) {
      failed(
          owner,
          command,
          asked.number(),
          new IllegalStateException(room.id() + " takes no part any more"));
      return;
    }
    try {
      room.transaction(() -> {
        Object answer = participant.onCommand(asked);
        if (Participant.LATER.equals(answer)) {
          throw new Refusal.Refused(409, "an undo cannot be answered later");
        }
        return answer;
      });
    } catch (Refusal no) {
      failed(owner, command, asked.number(), no);
      return;
    }
    say(asked, Participation.reversed(command.send()));
  }

  private byte @Nullable [] encoded(@Nullable Object result) {
    if (result == null) {
      return null;
    }
    byte[] bytes = room.codec().encode(result);
    if (bytes.length > most) {
      throw new Refusal.TooLarge(
          "a step's result has %d bytes; the limit is %d".formatted(bytes.length, most));
    }
    return bytes;
  }

  /// What was begun earlier is done.
  ///
  /// @return whether anybody waited for it
  boolean answer(Token token, @Nullable Object result) {
    ParticipantRecord record = record(token);
    // Nothing is encoded for nobody.
    return Participation.answered(record, token.step(), token.number(), null).isPresent()
        && say(
            token, Participation.answered(record, token.step(), token.number(), encoded(result)));
  }

  /// What was begun earlier is not done, and will not be.
  boolean refuse(Token token, String reason) {
    return say(
        token, Participation.refusedLater(record(token), token.step(), token.number(), reason));
  }

  private boolean say(Token token, Optional<Ruling.Say> say) {
    if (say.isEmpty()) {
      return false;
    }
    long started = records.find(token.owner(), name(token)).orElseThrow().started();
    records.put(token.owner(), name(token), started, say.get().record());
    mail.send(token.owner(), new Letter.Reply(token.saga(), say.get().reply()));
    return true;
  }

  private ParticipantRecord record(Token token) {
    return records
        .find(token.owner(), name(token))
        .map(MessageCodec.Remembered::record)
        .orElseGet(ParticipantRecord.None::new);
  }

  private void say(Asked asked, Ruling.Say say) {
    SagaCommand command = asked.command();
    records.put(asked.owner(), name(command), command.started(), say.record());
    answer(asked, say);
  }

  /// Nothing keeps the answer: it is in the record.
  private void answer(Asked asked, Ruling.Say say) {
    SagaCommand command = asked.command();
    mail.answer(
        asked.owner(),
        asked.number(),
        new Letter.Reply(command.saga(), say.reply()),
        records.aside(asked.owner(), name(command)));
  }

  /// The attempt came to nothing; another may go better.
  ///
  /// @param number of the letter that brought it
  void failed(RoomId owner, SagaCommand command, long number, Throwable failure) {
    Send send = command.send();
    mail.send(
        owner,
        new Letter.Reply(
            command.saga(),
            new Trigger.Failed(
                send.step(),
                send.way(),
                send.attempt(),
                failure.getClass().getSimpleName(),
                message(failure))),
        number);
  }

  private static String message(Throwable failure) {
    String message = failure.getMessage();
    return message != null ? message : failure.getClass().getName();
  }

  private static StepName name(Token token) {
    return new StepName(token.saga(), token.step());
  }

  private static StepName name(SagaCommand command) {
    return new StepName(command.saga(), command.send().step());
  }
}
