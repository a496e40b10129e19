package dev.dormouse.crash.check;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/// Decodes rows of sagas, as `docs/saga-format.md` describes them.
final class Rows {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int FORMAT = 2;

  private Rows() {}

  /// A row of JSON; each says its format.
  ///
  /// @throws IllegalArgumentException if it is something else
  static JsonNode json(byte[] bytes) {
    JsonNode node;
    try {
      node = JSON.readTree(bytes);
    } catch (IOException e) {
      throw new IllegalArgumentException(
          "not JSON: " + new String(bytes, StandardCharsets.UTF_8), e);
    }
    if (node == null || node.path("v").asInt() != FORMAT) {
      throw new IllegalArgumentException("a row of another format: " + node);
    }
    return node;
  }

  /// How far two rooms have come with each other's letters.
  record Lane(long sent, long taken) {
    static final Lane NONE = new Lane(0, 0);

    static Lane read(byte[] bytes) {
      ByteBuffer row = ByteBuffer.wrap(bytes);
      format(row.get());
      return new Lane(row.getLong(), row.getLong());
    }
  }

  /// A letter that waits.
  ///
  /// @param kind 1 a command, 2 a reply
  record Letter(int kind, String saga) {
    static Letter read(byte[] bytes) {
      ByteBuffer row = ByteBuffer.wrap(bytes);
      format(row.get());
      int kind = row.get();
      return switch (kind) {
        case 1, 2 -> new Letter(kind, utf(row));
        default -> throw new IllegalArgumentException("a letter of kind " + kind);
      };
    }

    /// Two bytes of length, then the text; ids of sagas are ASCII.
    private static String utf(ByteBuffer row) {
      byte[] text = new byte[row.getShort()];
      row.get(text);
      return new String(text, StandardCharsets.UTF_8);
    }
  }

  private static void format(int format) {
    if (format != FORMAT) {
      throw new IllegalArgumentException("a row of format " + format);
    }
  }
}
