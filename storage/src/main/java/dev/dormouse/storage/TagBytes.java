package dev.dormouse.storage;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Set;

/// Tags as bytes: each with its length, in Java's own UTF-8, which keeps every text that a tag can
/// be, half a surrogate pair too.
final class TagBytes {
  private static final byte[] NONE = {};

  private TagBytes() {}

  static byte[] of(Collection<String> tags) {
    if (tags.isEmpty()) {
      return NONE;
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(bytes);
    try {
      for (String tag : tags) {
        out.writeUTF(tag);
      }
    } catch (IOException e) {
      throw new IllegalArgumentException("a tag is too long to be stored", e);
    }
    return bytes.toByteArray();
  }

  static Set<String> read(byte[] bytes) {
    if (bytes.length == 0) {
      return Set.of();
    }
    Set<String> tags = new LinkedHashSet<>();
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
      while (in.available() > 0) {
        tags.add(in.readUTF());
      }
    } catch (IOException e) {
      throw new UncheckedIOException("stored tags are damaged", e);
    }
    return Set.copyOf(tags);
  }
}
