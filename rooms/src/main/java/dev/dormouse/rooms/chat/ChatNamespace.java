package dev.dormouse.rooms.chat;

import dev.dormouse.room.Namespace;
import dev.dormouse.room.RoomLimits;

/// Declares the namespace `chat`: a room for each conversation.
public final class ChatNamespace {
  /// The namespace's name.
  public static final String NAME = "chat";

  /// The longest frame that says anything: a text of [Said#MAX_TEXT] characters, all escaped.
  private static final int FRAME_BYTES = 32 * 1024;

  private ChatNamespace() {}

  public static Namespace declaration() {
    return Namespace.named(NAME, ChatRoom::new)
        .nonBlocking()
        .publicStatus()
        .hearsReaders()
        .limits(RoomLimits.defaults().withMessageBytes(FRAME_BYTES).withRequestBytes(FRAME_BYTES))
        .build();
  }
}
