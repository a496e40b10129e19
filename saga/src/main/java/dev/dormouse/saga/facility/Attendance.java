package dev.dormouse.saga.facility;

import dev.dormouse.room.Refusal;
import dev.dormouse.room.RoomId;
import dev.dormouse.room.spi.FacilityRoom;
import dev.dormouse.saga.Participant;
import dev.dormouse.saga.engine.MessageCodec;
import dev.dormouse.saga.engine.ParticipantRecord;
import dev.dormouse.saga.engine.Participation;
import dev.dormouse.saga.engine.RowKeys;
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
  private final int most;

  /// @param most how large a result may be, in bytes
  Attendance(FacilityRoom room, Mail mail, int most) {
    this.room = room;
    this.mail = mail;
    this.most = most;
  }

  /// What the room has said, as it is kept.
  ///
  /// @param later whether it will say it some time
  private record Said(boolean later, byte @Nullable [] result) {}

  /// @param number of the letter that brought the command
  void take(RoomId owner, SagaCommand command, long number) throws Exception {
    Asked asked = new Asked(owner, command, number, room.codec());
    Send send = command.send();
    switch (Participation.on(record(key(owner, command.saga(), send.step())), send)) {
      case Ruling.Say say -> say(owner, command, say);
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
      say(owner, command, Participation.refused(send, room.id() + " takes no part in sagas"));
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
        failed(owner, command, no);
      } else {
        say(owner, command, Participation.refused(send, message(no)));
      }
      return;
    }
    if (said.later()) {
      ParticipantRecord due = Participation.later(send, asked.number());
      room.put(key(owner, command.saga(), send.step()), MessageCodec.record(due));
    } else {
      say(owner, command, Participation.applied(send, said.result()));
    }
  }

  private void reverse(Asked asked) throws Exception {
    RoomId owner = asked.owner();
    SagaCommand command = asked.command();
    if (!(room.room() instanceof Participant participant)) {
      failed(owner, command, new IllegalStateException(room.id() + " takes no part any more"));
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
      failed(owner, command, no);
      return;
    }
    say(owner, command, Participation.reversed(command.send()));
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
    ParticipantRecord record = record(key(token));
    // Nothing is encoded for nobody.
    return Participation.answered(record, token.step(), token.number(), null).isPresent()
        && say(
            token, Participation.answered(record, token.step(), token.number(), encoded(result)));
  }

  /// What was begun earlier is not done, and will not be.
  boolean refuse(Token token, String reason) {
    return say(
        token,
        Participation.refusedLater(record(key(token)), token.step(), token.number(), reason));
  }

  private boolean say(Token token, Optional<Ruling.Say> say) {
    if (say.isEmpty()) {
      return false;
    }
    room.put(key(token), MessageCodec.record(say.get().record()));
    mail.send(token.owner(), new Letter.Reply(token.saga(), say.get().reply()));
    return true;
  }

  private ParticipantRecord record(String key) {
    return room.get(key).map(MessageCodec::record).orElse(new ParticipantRecord.None());
  }

  private void say(RoomId owner, SagaCommand command, Ruling.Say say) {
    room.put(key(owner, command.saga(), command.send().step()), MessageCodec.record(say.record()));
    mail.send(owner, new Letter.Reply(command.saga(), say.reply()));
  }

  /// The attempt came to nothing; another may go better.
  void failed(RoomId owner, SagaCommand command, Throwable failure) {
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
                message(failure))));
  }

  private static String message(Throwable failure) {
    String message = failure.getMessage();
    return message != null ? message : failure.getClass().getName();
  }

  void forget(RoomId owner, String saga, int step) {
    room.delete(key(owner, saga, step));
  }

  private static String key(Token token) {
    return key(token.owner(), token.saga(), token.step());
  }

  /// Ids of sagas are unique among those of their owner only.
  private static String key(RoomId owner, String saga, int step) {
    return RowKeys.PARTICIPANT + Lane.word(owner) + "/" + saga + "/" + step;
  }
}
