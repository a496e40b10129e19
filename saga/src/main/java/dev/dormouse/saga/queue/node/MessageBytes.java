package dev.dormouse.saga.queue.node;

import dev.dormouse.saga.queue.MessageFields;
import dev.dormouse.saga.queue.QueueMessage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;

/// A message as bytes: in an outbox's row, and on its way to a room.
final class MessageBytes {
  private static final int FORMAT = 1;

  private MessageBytes() {}

  static byte[] of(QueueMessage message) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(128 + message.payload().length);
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeByte(FORMAT);
      write(out, message);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  /// @throws IllegalArgumentException if the bytes are damaged or from a newer version
  static QueueMessage read(byte[] bytes) {
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
      int format = in.readByte();
      if (format != FORMAT) {
        throw new IllegalArgumentException("a stored message has format " + format);
      }
      return read(in);
    } catch (IOException e) {
      throw new IllegalArgumentException("a stored message is damaged", e);
    }
  }

  static void write(DataOutputStream out, QueueMessage message) throws IOException {
    MessageFields.write(out, message);
    out.writeInt(message.payload().length);
    out.write(message.payload());
  }

  static QueueMessage read(DataInputStream in) throws IOException {
    return MessageFields.read(in, MessageBytes::payload);
  }

  private static byte[] payload(DataInputStream in) throws IOException {
    byte[] payload = new byte[in.readInt()];
    in.readFully(payload);
    return payload;
  }
}
