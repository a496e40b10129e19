package dev.dormouse.room;

import java.lang.reflect.Type;
import org.jspecify.annotations.Nullable;

/// Turns objects into bytes and back: for mapped values in storage, and for what calls between
/// rooms carry. The server's own is JSON.
public interface Codec {

  /// @throws IllegalArgumentException if the object cannot be mapped; names its class
  byte[] encode(@Nullable Object value);

  /// @throws IllegalArgumentException if the bytes are not a `type`; names the type
  @Nullable Object decode(byte[] bytes, Type type);
}
