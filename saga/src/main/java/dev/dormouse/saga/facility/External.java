package dev.dormouse.saga.facility;

import dev.dormouse.room.Codec;
import dev.dormouse.room.Refusal;
import dev.dormouse.room.spi.FacilityRoom;
import dev.dormouse.saga.ExternalService;
import dev.dormouse.saga.Repeat;
import dev.dormouse.saga.Target;
import dev.dormouse.saga.engine.MessageCodec;
import dev.dormouse.saga.engine.ParticipantRecord;
import dev.dormouse.saga.engine.Participation;
import dev.dormouse.saga.engine.RowKeys;
import dev.dormouse.saga.engine.Ruling;
import dev.dormouse.saga.engine.SagaCommand;
import dev.dormouse.saga.engine.Send;
import dev.dormouse.saga.engine.Trigger;
import dev.dormouse.saga.engine.Way;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Steps outside: the owner keeps the participant's record, and a thread of its own makes the call.
///
/// That a call may have been made is a row, durable before the call: so an undo is called whenever
/// its step may have had an effect, and answered without a call when it cannot have. The answer
/// comes back as a message that nothing keeps; if it is lost, the step's guard has the call made
/// again.
final class External {
  private static final String CALLED = "called/";

  private final FacilityRoom room;
  private final Services services;
  private final int most;

  /// @param most how large a result may be, in bytes
  External(FacilityRoom room, Services services, int most) {
    this.room = room;
    this.services = services;
    this.most = most;
  }

  /// What a command comes to in the turn at hand.
  ///
  /// @return the answer, if no call is needed for it
  Optional<Trigger> take(SagaCommand command, Target.Service target) {
    ExternalService service = services.get(target.name());
    Send send = command.send();
    ParticipantRecord record = record(command.saga(), send.step());
    boolean called = room.get(CALLED + command.saga() + "/" + send.step()).isPresent();
    Ruling ruling =
        send.way() == Way.UNDO && record instanceof ParticipantRecord.None && called
            ? new Ruling.Reverse()
            : Participation.on(record, send);
    return switch (ruling) {
      case Ruling.Say say -> {
        keep(command.saga(), send.step(), say.record());
        yield Optional.of(say.reply());
      }
      case Ruling.Wait _ -> Optional.empty();
      case Ruling.Apply _ -> {
        if (service == null) {
          yield Optional.of(called ? gone(command) : Owner.nobody(command));
        }
        room.put(CALLED + command.saga() + "/" + send.step(), new byte[] {1});
        call(service, command, called);
        yield Optional.empty();
      }
      case Ruling.Reverse _ -> {
        if (service == null) {
          yield Optional.of(gone(command));
        }
        call(service, command, called);
        yield Optional.empty();
      }
    };
  }

  /// Whoever was called is not here any more. That is no refusal: the call may have had its effect.
  private static Trigger gone(SagaCommand command) {
    Send send = command.send();
    return new Trigger.Failed(
        send.step(),
        send.way(),
        send.attempt(),
        "nobody",
        "there is nobody to ask any more: " + command.target());
  }

  private void call(ExternalService service, SagaCommand command, boolean again) {
    Codec codec = room.codec();
    room.outside(() -> {
      Services.Step step = new Services.Step(room.id(), command.saga(), command.send().step());
      // One that is under way will answer; for anything else the guard comes back.
      if (services.begin(step)) {
        Trigger.Reply reply;
        try {
          reply = reply(service, command, codec, again);
        } finally {
          services.end(step);
        }
        Letter answer = new Letter.Answer(command, reply);
        var _ = room.post(room.id(), Envelope.note(answer.bytes()).bytes());
      }
    });
  }

  private Trigger.Reply reply(
      ExternalService service, SagaCommand command, Codec codec, boolean again) {
    Send send = command.send();
    try {
      Object result = result(service, command, codec, again);
      byte[] bytes = result == null || send.way() == Way.UNDO ? null : codec.encode(result);
      if (bytes != null && bytes.length > most) {
        // It has had its effect, and cannot be kept: not a refusal.
        return new Trigger.Failed(
            send.step(),
            send.way(),
            send.attempt(),
            "TooLarge",
            "its result has %d bytes; the limit is %d".formatted(bytes.length, most));
      }
      return switch (send.way()) {
        case DO -> new Trigger.Ok(send.step(), bytes);
        case UNDO -> new Trigger.Undone(send.step());
      };
    } catch (Exception e) {
      String why = e.getMessage() != null ? e.getMessage() : e.getClass().getName();
      return send.way() == Way.DO && e instanceof Refusal no && !no.retryable()
          ? new Trigger.Refused(send.step(), why)
          : new Trigger.Failed(
              send.step(), send.way(), send.attempt(), e.getClass().getSimpleName(), why);
    }
  }

  private static @Nullable Object result(
      ExternalService service, SagaCommand command, Codec codec, boolean again) throws Exception {
    if (again
        && command.send().way() == Way.DO
        && command.repeat().orElse(null) instanceof Repeat.Lookup lookup) {
      Object known = service.call(new Called(command, lookup.operation(), true, codec));
      if (known != null) {
        return known;
      }
    }
    return service.call(new Called(command, command.operation(), false, codec));
  }

  /// The answer of a call has come: remembers it.
  void answered(SagaCommand command, Trigger.Reply reply) {
    Send send = command.send();
    switch (reply) {
      case Trigger.Ok ok ->
          keep(command.saga(), send.step(), Participation.applied(send, ok.result()).record());
      case Trigger.Refused no ->
          keep(command.saga(), send.step(), Participation.refused(send, no.reason()).record());
      case Trigger.Undone _ ->
          keep(command.saga(), send.step(), Participation.reversed(send).record());
      case Trigger.Failed _ -> {}
    }
  }

  private ParticipantRecord record(String saga, int step) {
    return room.get(key(saga, step)).map(MessageCodec::record).orElse(new ParticipantRecord.None());
  }

  private void keep(String saga, int step, ParticipantRecord record) {
    room.put(key(saga, step), MessageCodec.record(record));
  }

  /// The saga has ended.
  void forget(String saga, int step) {
    for (String key : new String[] {key(saga, step), CALLED + saga + "/" + step}) {
      if (room.get(key).isPresent()) {
        room.delete(key);
      }
    }
  }

  private String key(String saga, int step) {
    return RowKeys.PARTICIPANT + "outside/" + saga + "/" + step;
  }
}
