package dev.dormouse.rooms.presence;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import com.fasterxml.jackson.annotation.JsonRawValue;
import dev.dormouse.room.Message;
import dev.dormouse.rooms.json.Json;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What the room says: one JSON object a text frame, told apart by `type`.
@JsonPropertyOrder("type")
sealed interface Frame {

  /// The frame's name on the wire.
  @JsonProperty("type")
  default String type() {
    return switch (this) {
      case Here _ -> "here";
      case Diff _ -> "diff";
      case Wrong _ -> "error";
    };
  }

  default Message framed() {
    return Message.of(Json.write(this));
  }

  /// Somebody who is here, however often.
  ///
  /// @param info a JSON object, or null if they said none
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Person(String user, @JsonRawValue @Nullable String info) {}

  /// Everybody: takes the place of all that was told before.
  record Here(Collection<Person> users) implements Frame {}

  /// What is different now.
  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  record Diff(List<Person> joined, List<String> left, List<Person> changed) implements Frame {
    boolean isEmpty() {
      return joined.isEmpty() && left.isEmpty() && changed.isEmpty();
    }
  }

  /// What was said makes no sense; nothing was changed.
  record Wrong(String message) implements Frame {}
}
