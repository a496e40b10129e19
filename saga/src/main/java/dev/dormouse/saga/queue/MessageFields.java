package dev.dormouse.saga.queue;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// A message's fields as bytes, in the one order in which logs, outboxes and notes keep them: all
/// but the payload, which comes last and whose end they know in ways of their own.
public final class MessageFields {
  private MessageFields() {}

  /// Reads a payload to its end.
  public interface Payload {
    byte[] read(DataInputStream in) throws IOException;
  }

  /// Writes all but the payload.
  public static void write(DataOutputStream out, QueueMessage message) throws IOException {
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
  }

  /// Reads what [#write] wrote, and then the payload.
  ///
  /// @throws IOException if the bytes are damaged
  public static QueueMessage read(DataInputStream in, Payload payload) throws IOException {
    return new QueueMessage(
        in.readUTF(),
        in.readLong(),
        in.readUTF(),
        in.readUTF(),
        contentType(in.readByte()),
        in.readLong(),
        in.readUTF(),
        origin(in),
        payload.read(in));
  }

  private static @Nullable DeadLetter origin(DataInputStream in) throws IOException {
    return in.readBoolean()
        ? new DeadLetter(in.readUTF(), in.readUTF(), in.readLong(), in.readInt(), in.readUTF())
        : null;
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
}
