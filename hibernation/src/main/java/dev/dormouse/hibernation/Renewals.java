package dev.dormouse.hibernation;

import dev.dormouse.room.CloseStatus;
import dev.dormouse.room.Message;
import dev.dormouse.room.RoomId;
import org.jspecify.annotations.Nullable;

/// Looks at the tokens by which clients want to stay longer than their first one let them.
public interface Renewals {

  /// The token that a message brings; null for every other message. Called for each message that
  /// comes in, on the thread that reads.
  @Nullable String tokenIn(Message message);

  /// Looks at a token; may block.
  ///
  /// @param room the connection's, perhaps without its name
  /// @param holder who has the connection, see [Stay#holder]
  /// @param reads whether the connection may only read; if not, the token must let it write
  Answer look(RoomId room, String token, long holder, boolean reads);

  /// What becomes of the connection.
  sealed interface Answer {
    /// It may stay until then.
    record Stays(Stay stay) implements Answer {}

    /// It stays as it was, since nothing can be said of the token at present.
    record Later() implements Answer {}

    /// It is closed.
    record Ends(CloseStatus status) implements Answer {}
  }

  /// For a server that asks nobody who he is: every message is the room's.
  Renewals NONE =
      new Renewals() {
        @Override
        public @Nullable String tokenIn(Message message) {
          return null;
        }

        @Override
        public Answer look(RoomId room, String token, long holder, boolean reads) {
          return new Answer.Later();
        }
      };
}
