package dev.dormouse.rooms.fleet.device;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.dormouse.room.Message;
import dev.dormouse.rooms.fleet.Address;
import dev.dormouse.rooms.json.BadJsonException;
import dev.dormouse.rooms.json.Json;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/// One JSON object in a text frame, told apart by `type`.
final class JsonProtocol implements DeviceProtocol {
  private static final int MAX_REASON = 200;
  private static final int MAX_TAGS = 16;

  private static final SignOfLife SIGN =
      new SignOfLife(Message.of("{\"type\":\"ping\"}"), Message.of("{\"type\":\"pong\"}"));

  /// A frame of a device's, with all fields of all types.
  record Raw(
      @Nullable String type,
      @Nullable JsonNode state,
      @Nullable Long seen,
      @Nullable Long version,
      @Nullable String status,
      @Nullable String reason,
      @Nullable String command,
      @Nullable Boolean ok,
      @Nullable JsonNode result,
      @Nullable List<String> tags) {}

  /// A frame of the room's, likewise.
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Frame(
      String type,
      @Nullable Long version,
      @Nullable ObjectNode state,
      Twin.@Nullable Part desired,
      Twin.@Nullable Part reported,
      @Nullable String id,
      @Nullable String name,
      @Nullable JsonNode payload,
      @Nullable Long deadline,
      @Nullable String message) {

    static Frame of(String type, @Nullable Long version, @Nullable ObjectNode state) {
      return new Frame(type, version, state, null, null, null, null, null, null, null);
    }
  }

  @Override
  public Said read(Message message) throws BadJsonException {
    return switch (message) {
      case Message.Binary _ -> throw new BadJsonException("text frames only");
      case Message.Text(byte[] bytes) -> said(Json.read(bytes, Raw.class));
    };
  }

  private static Said said(Raw raw) throws BadJsonException {
    return switch (raw.type() == null ? "" : raw.type()) {
      case "report" -> {
        if (!(raw.state() instanceof ObjectNode state)) {
          throw new BadJsonException("'state' is a JSON object");
        }
        yield new Said.Report(state, number(raw.seen()), number(raw.version()));
      }
      case "progress" -> {
        if (raw.seen() == null) {
          throw new BadJsonException("'seen' is the version of the desired state that this is of");
        }
        String reason = raw.reason() == null ? "" : raw.reason();
        yield new Said.Progress(
            raw.seen(),
            word(raw.status()),
            reason.substring(0, Math.min(reason.length(), MAX_REASON)));
      }
      case "done" -> {
        if (raw.command() == null || raw.ok() == null) {
          throw new BadJsonException("'command' is an id, and 'ok' true or false");
        }
        yield new Said.Done(raw.command(), raw.ok(), raw.result());
      }
      case "tags" -> {
        List<String> tags = raw.tags() == null ? List.of() : raw.tags();
        if (tags.size() > MAX_TAGS || !tags.stream().allMatch(Address::isWord)) {
          throw new BadJsonException("'tags' are at most " + MAX_TAGS + " words");
        }
        yield new Said.Tags(tags.stream().distinct().sorted().toList());
      }
      case "get" -> new Said.Get();
      case "ping" -> new Said.Ping();
      default -> throw new BadJsonException("'type' is report, progress, done, tags, get or ping");
    };
  }

  private static OptionalLong number(@Nullable Long number) {
    return number == null ? OptionalLong.empty() : OptionalLong.of(number);
  }

  private static Said.Progress.Word word(@Nullable String status) throws BadJsonException {
    for (Said.Progress.Word word : Said.Progress.Word.values()) {
      if (word.name().toLowerCase(Locale.ROOT).equals(status)) {
        return word;
      }
    }
    throw new BadJsonException(
        "'status' is accepted, downloading, installing, verifying, rejected or failed");
  }

  @Override
  public Message write(Told told) {
    return Message.of(
        Json.write(
            switch (told) {
              case Told.States(Twin.Part desired, Twin.Part reported) ->
                  new Frame("states", null, null, desired, reported, null, null, null, null, null);
              case Told.Delta(long version, ObjectNode state) -> Frame.of("delta", version, state);
              case Told.Reported(long version) -> Frame.of("reported", version, null);
              case Told.Conflict(long version) -> Frame.of("conflict", version, null);
              case Told.Command(String id, String name, JsonNode payload, long deadline) ->
                  new Frame("command", null, null, null, null, id, name, payload, deadline, null);
              case Told.Pong _ -> Frame.of("pong", null, null);
              case Told.Wrong(String wrong) ->
                  new Frame("error", null, null, null, null, null, null, null, null, wrong);
            }));
  }

  @Override
  public Optional<SignOfLife> signOfLife() {
    return Optional.of(SIGN);
  }
}
