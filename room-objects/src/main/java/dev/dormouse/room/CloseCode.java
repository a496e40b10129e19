package dev.dormouse.room;

import java.util.Arrays;
import java.util.Optional;

/// Every code with which the server itself closes a connection: its sentence, which is the close
/// reason, and whether a client should come back.
///
/// Codes 4000 to 4399 ask the client to reconnect with back-off; 4400 to 4499 tell it not to, which
/// y-websocket obeys by itself. Rooms may use any other code of 1000 and 3000 to 4999.
public enum CloseCode {
  NORMAL(1000, "done", Reconnect.NO),
  GOING_AWAY(1001, "the server is stopping, come back", Reconnect.SOON),
  PROTOCOL_ERROR(1002, "the frame breaks the WebSocket protocol", Reconnect.NO),
  UNSUPPORTED(1003, "this room does not take that kind of message", Reconnect.NO),
  /// Never sent: what a room sees when the client named no code.
  NO_STATUS(1005, "closed without a code", Reconnect.NO),
  /// Never sent: what a room sees when the socket vanished.
  ABNORMAL(1006, "the connection was lost", Reconnect.SOON),
  BAD_PAYLOAD(1007, "the text is not UTF-8", Reconnect.NO),
  TOO_BIG(1009, "the message is too big", Reconnect.NO),
  SERVER_ERROR(1011, "the server failed", Reconnect.SOON),
  TRY_LATER(1013, "the room is overloaded, try again later", Reconnect.SOON),
  TOO_SLOW(4000, "this client reads too slowly", Reconnect.SOON),
  TOO_MANY_FAILURES(
      4001, "messages of this connection made the room fail too often", Reconnect.SOON),
  UNAUTHORIZED(4401, "who are you", Reconnect.NO),
  FORBIDDEN(4403, "you may not enter", Reconnect.NO);

  /// Whether a client should connect again.
  public enum Reconnect {
    /// At once or with a back-off of seconds.
    SOON,
    /// Only after a person or a program has changed something.
    NO
  }

  private final int code;
  private final String sentence;
  private final Reconnect reconnect;

  CloseCode(int code, String sentence, Reconnect reconnect) {
    this.code = code;
    this.sentence = sentence;
    this.reconnect = reconnect;
  }

  public int code() {
    return code;
  }

  public String sentence() {
    return sentence;
  }

  public Reconnect reconnect() {
    return reconnect;
  }

  public static Optional<CloseCode> of(int code) {
    return Arrays.stream(values()).filter(c -> c.code == code).findFirst();
  }
}
