package dev.dormouse.rooms.booking;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import dev.dormouse.room.Message;
import dev.dormouse.rooms.json.Json;
import org.jspecify.annotations.Nullable;

/// What the room says: one JSON object a text frame, told apart by `type`.
@JsonPropertyOrder("type")
@JsonInclude(JsonInclude.Include.NON_NULL)
sealed interface Frame {

  @JsonProperty("type")
  default String type() {
    return switch (this) {
      case State _ -> "state";
      case News _ -> "news";
      case Wrong _ -> "error";
    };
  }

  default Message framed() {
    return Message.of(Json.write(this));
  }

  /// How the order stands.
  ///
  /// @param now the room's time, in milliseconds since 1970 UTC
  /// @param booking absent before the first try
  record State(long now, @Nullable Booking booking) implements Frame {}

  /// Something has changed. Of the lines only the latest few are there: who misses the one before
  /// them asks for the state.
  record News(long now, Booking booking) implements Frame {}

  /// What was asked for did not happen.
  ///
  /// @param status as it would be over HTTP
  record Wrong(int status, String message) implements Frame {}
}
