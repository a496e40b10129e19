package dev.dormouse.room;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// A whole WebSocket message. The bytes belong to the message and are not to be changed by anyone:
/// one message may be on its way to a thousand connections.
public sealed interface Message {

  /// The payload: UTF-8 for text.
  byte[] bytes();

  static Message of(String text) {
    return new Text(text.getBytes(StandardCharsets.UTF_8));
  }

  /// A binary message around `bytes`, which the caller gives away.
  static Message of(byte[] bytes) {
    return new Binary(bytes);
  }

  /// A text message, kept as the UTF-8 that was or will be on the wire.
  record Text(byte[] bytes) implements Message {
    public String text() {
      return new String(bytes, StandardCharsets.UTF_8);
    }

    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Text that && Arrays.equals(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
      return Arrays.hashCode(bytes);
    }

    @Override
    public String toString() {
      return "Text[" + text() + "]";
    }
  }

  /// A binary message.
  record Binary(byte[] bytes) implements Message {
    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Binary that && Arrays.equals(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
      return ~Arrays.hashCode(bytes);
    }

    @Override
    public String toString() {
      return "Binary[" + bytes.length + " bytes]";
    }
  }
}
