package dev.dormouse.saga.log;

import dev.dormouse.saga.queue.ContentType;
import dev.dormouse.saga.queue.DeadLetter;
import dev.dormouse.saga.queue.LogEntry;
import dev.dormouse.saga.queue.QueueMessage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/// An entry's bytes: length, checksum, then what they cover. An entry whose pages reached the disk
/// in part does not pass; what follows its own length is padding.
final class EntryCodec {
  private static final int HEAD = 8;
  private static final int FORMAT = 1;

  private EntryCodec() {}

  static byte[] encode(long position, long appendedAt, QueueMessage message) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(128 + message.payload().length);
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeLong(0); // the head, filled in below
      out.writeByte(FORMAT);
      out.writeLong(position);
      out.writeLong(appendedAt);
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
      out.write(message.payload());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    byte[] entry = bytes.toByteArray();
    ByteBuffer.wrap(entry).putInt(entry.length - HEAD).putInt(checksum(entry, entry.length));
    return entry;
  }

  /// The entry, or null if the bytes are not a whole one for this position.
  static @Nullable LogEntry decode(long position, byte[] bytes) throws IOException {
    if (bytes.length < HEAD) {
      return null;
    }
    ByteBuffer head = ByteBuffer.wrap(bytes);
    int length = head.getInt();
    if (length <= 0
        || length > bytes.length - HEAD
        || head.getInt() != checksum(bytes, HEAD + length)) {
      return null;
    }
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes, HEAD, length))) {
      int format = in.readByte();
      if (format != FORMAT) {
        throw new IOException(
            "entry " + position + " has format " + format + ", which is newer than this version");
      }
      if (in.readLong() != position) {
        return null;
      }
      return new LogEntry(position, in.readLong(), message(in));
    }
  }

  private static QueueMessage message(DataInputStream in) throws IOException {
    return new QueueMessage(
        in.readUTF(),
        in.readLong(),
        in.readUTF(),
        in.readUTF(),
        contentType(in.readByte()),
        in.readLong(),
        in.readUTF(),
        in.readBoolean()
            ? new DeadLetter(in.readUTF(), in.readUTF(), in.readLong(), in.readInt(), in.readUTF())
            : null,
        in.readAllBytes());
  }

  private static int checksum(byte[] entry, int end) {
    CRC32C sum = new CRC32C();
    sum.update(entry, HEAD, end - HEAD);
    return (int) sum.getValue();
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
