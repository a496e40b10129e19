package dev.dormouse.saga.queue.node;

import dev.dormouse.saga.queue.ContentType;
import dev.dormouse.saga.queue.DeadLetter;
import dev.dormouse.saga.queue.QueueMessage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

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
    out.writeUTF(message.source());
    out.writeLong(message.sequence());
    out.writeUTF(message.key());
    out.writeUTF(message.type());
    out.writeByte(number(message.contentType()));
    out.writeLong(message.notBefore());
    out.writeUTF(message.orderingKey());
    DeadLetter origin = message.origin();
    out.writeBoolean(origin != null);
    if (origin != null) {
      out.writeUTF(origin.queue());
      out.writeUTF(origin.group());
      out.writeLong(origin.position());
      out.writeInt(origin.attempts());
      out.writeUTF(origin.error());
    }
    out.writeInt(message.payload().length);
    out.write(message.payload());
  }

  static QueueMessage read(DataInputStream in) throws IOException {
    return new QueueMessage(
        in.readUTF(),
        in.readLong(),
        in.readUTF(),
        in.readUTF(),
        contentType(in.readByte()),
        in.readLong(),
        in.readUTF(),
        origin(in),
        payload(in));
  }

  private static int number(ContentType type) {
    return switch (type) {
      case JSON -> 0;
      case TEXT -> 1;
      case BYTES -> 2;
    };
  }

  private static ContentType contentType(int number) throws IOException {
    return switch (number) {
      case 0 -> ContentType.JSON;
      case 1 -> ContentType.TEXT;
      case 2 -> ContentType.BYTES;
      default -> throw new IOException("no content type has the number " + number);
    };
  }

  private static @Nullable DeadLetter origin(DataInputStream in) throws IOException {
    return in.readBoolean()
        ? new DeadLetter(in.readUTF(), in.readUTF(), in.readLong(), in.readInt(), in.readUTF())
        : null;
  }

  private static byte[] payload(DataInputStream in) throws IOException {
    byte[] payload = new byte[in.readInt()];
    in.readFully(payload);
    return payload;
  }
}
