package dev.dormouse.saga.queue.node;

import dev.dormouse.saga.queue.ContentType;
import dev.dormouse.saga.queue.LogEntry;
import dev.dormouse.saga.queue.QueueMessage;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Optional;

/// A message of the log as people look at it: with the beginning of its payload only.
final class Preview {
  private static final int CHARS = 500;
  private static final int HEX_BYTES = 64;

  private Preview() {}

  static QueueDesk.Logged of(LogEntry entry) {
    QueueMessage message = entry.message();
    return new QueueDesk.Logged(
        entry.position(),
        message.key(),
        message.source(),
        message.type(),
        message.contentType().name(),
        message.orderingKey(),
        entry.appendedAt(),
        message.notBefore(),
        Optional.ofNullable(message.origin()),
        preview(message.contentType(), message.payload()),
        message.payload().length);
  }

  private static String preview(ContentType type, byte[] payload) {
    return switch (type) {
      case JSON, TEXT -> {
        // A character has at most four bytes; one that is cut in two falls off with the rest.
        int bytes = Math.min(payload.length, CHARS * 4);
        String text = new String(payload, 0, bytes, StandardCharsets.UTF_8);
        yield text.substring(0, Math.min(CHARS, text.length()));
      }
      case BYTES -> HexFormat.of().formatHex(payload, 0, Math.min(HEX_BYTES, payload.length));
    };
  }
}
