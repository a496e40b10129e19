package dev.dormouse.server.jetty;

import dev.dormouse.room.Message;
import java.nio.ByteBuffer;
import org.eclipse.jetty.websocket.core.OpCode;

/// What the next bytes of a client are, if that can be said at a glance: a small whole frame just
/// as RFC 6455 wants it. Everything else is left to Jetty to judge.
sealed interface LeadingFrame {

  /// @param size what the whole frame takes, in bytes; so below
  record Ping(int size, byte[] payload) implements LeadingFrame {}

  record Pong(int size) implements LeadingFrame {}

  /// A message in one frame; text is known to be UTF-8.
  record Whole(int size, Message message) implements LeadingFrame {}

  /// Good so far, but not all of it is there.
  record Unfinished() implements LeadingFrame {}

  /// Anything else: a close, a part of a message, a long frame, or a wrong one.
  record Other() implements LeadingFrame {}

  int FIN = 0x80;
  int RESERVED = 0x70;
  int MASKED = 0x80;
  int LENGTH = 0x7f;
  int MASK_SIZE = 4;

  /// The most bytes that the payload of a control frame may have, and the most that a length of one
  /// byte can say.
  int SHORT = 125;

  LeadingFrame UNFINISHED = new Unfinished();
  LeadingFrame OTHER = new Other();

  /// Says what is at the buffer's position, and leaves the buffer as it is. Never throws.
  ///
  /// @param limit the most bytes that a message may have
  static LeadingFrame of(ByteBuffer bytes, int limit) {
    int begin = bytes.position();
    int there = bytes.remaining();
    if (there < 2) {
      return UNFINISHED;
    }
    int first = bytes.get(begin);
    int second = bytes.get(begin + 1);
    int opCode = first & 0x0f;
    int field = second & LENGTH;
    if ((first & FIN) == 0
        || (first & RESERVED) != 0
        || (second & MASKED) == 0
        || field > 126
        || !welcome(opCode, field)) {
      return OTHER;
    }
    int header = field == 126 ? 4 : 2;
    if (there < header) {
      return UNFINISHED;
    }
    int length = field == 126 ? bytes.getShort(begin + 2) & 0xffff : field;
    // A length that takes more bytes than it needs is wrong, but not for us to say.
    if ((field == 126 && length <= SHORT)
        || (!OpCode.isControlFrame((byte) opCode) && length > limit)) {
      return OTHER;
    }
    int size = header + MASK_SIZE + length;
    if (there < size) {
      return UNFINISHED;
    }
    return switch (opCode) {
      case OpCode.PONG -> new Pong(size);
      case OpCode.PING -> new Ping(size, unmasked(bytes, begin + header, length));
      default -> message(opCode, size, unmasked(bytes, begin + header, length));
    };
  }

  private static boolean welcome(int opCode, int field) {
    return switch (opCode) {
      case OpCode.TEXT, OpCode.BINARY -> true;
      case OpCode.PING, OpCode.PONG -> field <= SHORT;
      default -> false;
    };
  }

  private static LeadingFrame message(int opCode, int size, byte[] payload) {
    if (opCode == OpCode.BINARY) {
      return new Whole(size, new Message.Binary(payload));
    }
    return Utf8.valid(payload) ? new Whole(size, new Message.Text(payload)) : OTHER;
  }

  private static byte[] unmasked(ByteBuffer bytes, int mask, int length) {
    byte[] payload = new byte[length];
    bytes.get(mask + MASK_SIZE, payload);
    for (int i = 0; i < length; i++) {
      payload[i] ^= bytes.get(mask + i % MASK_SIZE);
    }
    return payload;
  }
}
