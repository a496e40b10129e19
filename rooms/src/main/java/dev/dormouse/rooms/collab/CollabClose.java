package dev.dormouse.rooms.collab;

import dev.dormouse.room.CloseStatus;

/// The close codes of a document's room, beside those of [dev.dormouse.room.CloseCode] that it
/// uses: 1003 for text, 1009 for what is too big, 1013 while the disk is full.
///
/// An editor of `y-websocket` reconnects after any code but 4400 to 4499.
enum CollabClose {
  /// The room lost its memory and cannot know what this editor was told: a new connection brings
  /// both into step. Reconnect.
  START_AGAIN(4010, "the document's room started again, connect again"),
  /// Bytes that are no message of y-protocols; the same bytes would come again. Do not reconnect.
  MALFORMED(4400, "not a message of y-protocols"),
  /// The change would make the document larger than its limit; it would be sent again at once. Do
  /// not reconnect; an editor without that change may, and reads.
  DOCUMENT_FULL(4413, "the document has reached its largest size");

  private static final int MAX_REASON = 120;

  private final int code;
  private final String sentence;

  CollabClose(int code, String sentence) {
    this.code = code;
    this.sentence = sentence;
  }

  CloseStatus status() {
    return new CloseStatus(code, sentence);
  }

  /// With what exactly is wrong, cut to what a close frame holds.
  CloseStatus status(String detail) {
    String reason = (sentence + ": " + detail).replaceAll("[^ -~]", "?");
    return new CloseStatus(code, reason.substring(0, Math.min(reason.length(), MAX_REASON)));
  }
}
