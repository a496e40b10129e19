package dev.dormouse.saga.engine;

import dev.dormouse.room.RoomId;
import dev.dormouse.saga.Repeat;
import dev.dormouse.saga.Target;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Commands, answers and participants' records as bytes: for the outbox, the way between rooms, and
/// the participant's storage. Formats as in [RowCodec].
public final class MessageCodec {
  private MessageCodec() {}

  public static byte[] command(SagaCommand command) {
    Send send = command.send();
    FlatJson json =
        RowCodec.begin()
            .put("saga", command.saga())
            .put("started", command.started())
            .put("name", command.step())
            .put("step", send.step())
            .put("way", send.way().word())
            .put("attempt", send.attempt())
            .put("round", send.round())
            .put("operation", command.operation())
            .put("key", command.key())
            .put("payload", base64(command.payload()));
    switch (command.target()) {
      case Target.Named named -> json.put("namespace", named.namespace()).put("room", named.name());
      case Target.ById byId -> {
        json.put("namespace", byId.room().namespace()).put("id", byId.room().hex());
        byId.room().name().ifPresent(name -> json.put("room", name));
      }
      case Target.Service service -> json.put("service", service.name());
    }
    if (command.repeat().isPresent()) {
      switch (command.repeat().get()) {
        case Repeat.Idempotent _ -> json.put("idempotent", true);
        case Repeat.Lookup lookup -> json.put("lookup", lookup.operation());
      }
    }
    return json.bytes();
  }

  /// @throws IllegalArgumentException if it is damaged or of a later format; likewise the others
  public static SagaCommand command(byte[] bytes) {
    FlatJson json = RowCodec.open(bytes);
    Send send =
        new Send(
            json.count("step"),
            Way.of(json.text("way")),
            json.count("attempt"),
            json.count("round"));
    return new SagaCommand(
        json.text("saga"),
        json.number("started"),
        json.text("name"),
        send,
        target(json),
        json.text("operation"),
        json.text("key"),
        repeat(json),
        Base64.getDecoder().decode(json.text("payload")));
  }

  private static Target target(FlatJson json) {
    if (json.has("service")) {
      return new Target.Service(json.text("service"));
    }
    if (json.has("id")) {
      byte[] id = HexFormat.of().parseHex(json.text("id"));
      String name = json.has("room") ? json.text("room") : null;
      return new Target.ById(RoomId.of(json.text("namespace"), id, name));
    }
    return new Target.Named(json.text("namespace"), json.text("room"));
  }

  private static Optional<Repeat> repeat(FlatJson json) {
    if (json.has("lookup")) {
      return Optional.of(Repeat.lookup(json.text("lookup")));
    }
    return json.has("idempotent") ? Optional.of(Repeat.idempotent()) : Optional.empty();
  }

  public static byte[] reply(Trigger.Reply reply) {
    FlatJson json = RowCodec.begin().put("step", reply.step());
    return switch (reply) {
      case Trigger.Ok ok -> result(json.put("answer", "ok"), ok.result()).bytes();
      case Trigger.Refused no -> json.put("answer", "refused").put("reason", no.reason()).bytes();
      case Trigger.Undone _ -> json.put("answer", "undone").bytes();
      case Trigger.Failed failed ->
          json.put("answer", "failed")
              .put("way", failed.way().word())
              .put("attempt", failed.attempt())
              .put("code", failed.code())
              .put("message", failed.message())
              .bytes();
    };
  }

  public static Trigger.Reply reply(byte[] bytes) {
    FlatJson json = RowCodec.open(bytes);
    int step = json.count("step");
    String answer = json.text("answer");
    return switch (answer) {
      case "ok" -> new Trigger.Ok(step, result(json));
      case "refused" -> new Trigger.Refused(step, json.text("reason"));
      case "undone" -> new Trigger.Undone(step);
      case "failed" ->
          new Trigger.Failed(
              step,
              Way.of(json.text("way")),
              json.count("attempt"),
              json.text("code"),
              json.text("message"));
      default -> throw new IllegalArgumentException("an unknown answer: '" + answer + "'");
    };
  }

  /// A record, and of what.
  ///
  /// @param started see [SagaCommand#started]
  /// @param at when it was written, in milliseconds since 1970 UTC
  public record Remembered(ParticipantRecord record, long started, long at) {}

  public static byte[] record(Remembered remembered) {
    FlatJson json =
        RowCodec.begin().put("started", remembered.started()).put("at", remembered.at());
    return record(json, remembered.record());
  }

  public static Remembered remembered(byte[] bytes) {
    FlatJson json = RowCodec.open(bytes);
    return new Remembered(record(json), json.number("started"), json.number("at"));
  }

  public static byte[] record(ParticipantRecord record) {
    return record(RowCodec.begin(), record);
  }

  private static byte[] record(FlatJson json, ParticipantRecord record) {
    return switch (record) {
      case ParticipantRecord.None _ ->
          throw new IllegalArgumentException("a record of nothing is not stored");
      case ParticipantRecord.Applied applied ->
          result(json.put("record", "applied"), applied.result()).bytes();
      case ParticipantRecord.Due due ->
          json.put("record", "due").put("round", due.round()).put("number", due.number()).bytes();
      case ParticipantRecord.Refused refused ->
          json.put("record", "refused")
              .put("reason", refused.reason())
              .put("round", refused.round())
              .bytes();
      case ParticipantRecord.Reversed _ -> json.put("record", "reversed").bytes();
      case ParticipantRecord.Blocked _ -> json.put("record", "blocked").bytes();
    };
  }

  public static ParticipantRecord record(byte[] bytes) {
    return record(RowCodec.open(bytes));
  }

  private static ParticipantRecord record(FlatJson json) {
    String record = json.text("record");
    return switch (record) {
      case "applied" -> new ParticipantRecord.Applied(result(json));
      case "due" -> new ParticipantRecord.Due(json.count("round"), json.number("number"));
      case "refused" -> new ParticipantRecord.Refused(json.text("reason"), json.count("round"));
      case "reversed" -> new ParticipantRecord.Reversed();
      case "blocked" -> new ParticipantRecord.Blocked();
      default -> throw new IllegalArgumentException("an unknown record: '" + record + "'");
    };
  }

  private static FlatJson result(FlatJson json, byte @Nullable [] result) {
    return result == null ? json : json.put("result", base64(result));
  }

  private static byte @Nullable [] result(FlatJson json) {
    return json.has("result") ? Base64.getDecoder().decode(json.text("result")) : null;
  }

  private static String base64(byte[] bytes) {
    return Base64.getEncoder().encodeToString(bytes);
  }
}
