package dev.dormouse.saga.engine;

import dev.dormouse.room.Codec;
import java.lang.reflect.Type;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// A codec for texts, which is all that these tests send.
final class Texts implements Codec {
  @Override
  public byte[] encode(@Nullable Object value) {
    if (value instanceof String text) {
      return text.getBytes(StandardCharsets.UTF_8);
    }
    throw new IllegalArgumentException("no text: " + value);
  }

  @Override
  public @Nullable Object decode(byte[] bytes, Type type) {
    return text(bytes);
  }

  static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
