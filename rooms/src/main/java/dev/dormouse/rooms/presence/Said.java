package dev.dormouse.rooms.presence;

import com.fasterxml.jackson.databind.JsonNode;
import dev.dormouse.rooms.json.BadJsonException;
import dev.dormouse.rooms.json.Json;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// What a client says: one JSON object a text frame, told apart by `type`.
sealed interface Said {
  /// Characters of a user's name.
  int MAX_USER = 64;

  /// Bytes of an info, written without blanks.
  int MAX_INFO = 512;

  /// Says something else of oneself.
  ///
  /// @param info a JSON object as text; empty for none
  record About(String info) implements Said {}

  /// Asks who is here.
  record Who() implements Said {}

  /// A sign of life that was not the one that is answered without the room.
  record Ping() implements Said {}

  record Raw(@Nullable String type, @Nullable JsonNode info) {}

  /// Reads one frame.
  ///
  /// @throws BadJsonException with a sentence for its sender
  static Said parse(byte[] frame) throws BadJsonException {
    Raw raw = Json.read(frame, Raw.class);
    return switch (raw.type() == null ? "" : raw.type()) {
      case "info" -> new About(info(raw.info()));
      case "who" -> new Who();
      case "ping" -> new Ping();
      default -> throw new BadJsonException("'type' is info, who or ping");
    };
  }

  static String user(@Nullable String text) throws BadJsonException {
    if (text == null
        || text.isBlank()
        || text.length() > MAX_USER
        || !StandardCharsets.UTF_8.newEncoder().canEncode(text)
        || text.chars().anyMatch(Character::isISOControl)) {
      throw new BadJsonException(
          "'user' has 1 to %d characters, no control characters".formatted(MAX_USER));
    }
    return text.strip();
  }

  /// An info as it came in an address.
  static String info(String text) throws BadJsonException {
    return info(Json.read(text.getBytes(StandardCharsets.UTF_8), JsonNode.class));
  }

  private static String info(@Nullable JsonNode info) throws BadJsonException {
    if (info == null || info.isNull()) {
      return "";
    }
    if (!info.isObject()) {
      throw new BadJsonException("'info' is a JSON object");
    }
    String text = Json.write(info);
    if (text.getBytes(StandardCharsets.UTF_8).length > MAX_INFO) {
      throw new BadJsonException("'info' has at most %d bytes".formatted(MAX_INFO));
    }
    return text;
  }
}
