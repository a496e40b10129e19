package dev.dormouse.rooms.chat;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import dev.dormouse.room.Message;
import dev.dormouse.rooms.json.Json;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What the room says: one JSON object a text frame, told apart by `type`.
@JsonPropertyOrder("type")
@JsonInclude(JsonInclude.Include.NON_NULL)
sealed interface Frame {

  /// The frame's name on the wire.
  @JsonProperty("type")
  default String type() {
    return switch (this) {
      case Joined _ -> "joined";
      case Told _ -> "message";
      case Posted _ -> "posted";
      case History _ -> "history";
      case Present _ -> "present";
      case Entered _ -> "entered";
      case Left _ -> "left";
      case Restarted _ -> "restarted";
      case Wrong _ -> "error";
    };
  }

  default Message framed() {
    return Message.of(Json.write(this));
  }

  /// Answers a join.
  ///
  /// @param member this connection's number among those present
  /// @param epoch names this life of the conversation; empty before its first message
  /// @param offset of the last message there is
  /// @param recovered whether `messages` are all that came since the place the client named
  /// @param messages those, or else the last ones
  record Joined(
      long member,
      String name,
      String epoch,
      long offset,
      boolean recovered,
      List<Line> messages,
      List<Member> members,
      int count)
      implements Frame {}

  /// Somebody said something.
  record Told(String epoch, Line message) implements Frame {}

  /// The client's own message has become durable.
  ///
  /// @param again whether it was there before
  record Posted(@Nullable String id, long offset, boolean again) implements Frame {}

  /// A part of the history, oldest first.
  ///
  /// @param oldest the first offset that is still kept; one above `offset` if none is
  /// @param more whether there is more in the direction that was asked for
  record History(String epoch, long offset, long oldest, List<Line> messages, boolean more)
      implements Frame {}

  /// Who is there.
  ///
  /// @param members some of them, if they are many
  record Present(List<Member> members, int count) implements Frame {}

  record Entered(Member member) implements Frame {}

  record Left(Member member) implements Frame {}

  /// The room lost its memory, and with it perhaps a message on its way to this client: ask for the
  /// history behind the last offset seen, and post again what was not answered.
  record Restarted(String epoch, long offset) implements Frame {}

  /// What was asked for did not happen.
  ///
  /// @param code `bad-frame`, `join-first`, `storage-full`
  /// @param id of the message that was refused, if it had one
  record Wrong(String code, String message, @Nullable String id) implements Frame {}

  /// Somebody who is there.
  record Member(long member, String name) {}
}
