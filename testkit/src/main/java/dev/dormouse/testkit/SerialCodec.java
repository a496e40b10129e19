package dev.dormouse.testkit;

import dev.dormouse.room.Codec;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.lang.reflect.Type;
import org.jspecify.annotations.Nullable;

/// A [Codec] for tests that need no JSON: Java's own serialization, of trusted bytes only.
public final class SerialCodec implements Codec {
  @Override
  public byte[] encode(@Nullable Object value) {
    if (value != null && !(value instanceof Serializable)) {
      throw new IllegalArgumentException(value.getClass().getName() + " is not serializable");
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(value);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  @Override
  public @Nullable Object decode(byte[] bytes, Type type) {
    try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes))) {
      Object value = in.readObject();
      if (type instanceof Class<?> wanted && value != null && !wanted.isInstance(value)) {
        throw new IllegalArgumentException(
            "a " + value.getClass().getName() + " is not a " + wanted.getName());
      }
      return value;
    } catch (IOException | ClassNotFoundException e) {
      throw new IllegalArgumentException("not a " + type.getTypeName(), e);
    }
  }
}
