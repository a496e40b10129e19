package dev.dormouse.saga.log;

import dev.dormouse.saga.queue.LogEntry;
import dev.dormouse.saga.queue.MessageFields;
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
      MessageFields.write(out, message);
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
      return new LogEntry(
          position, in.readLong(), MessageFields.read(in, DataInputStream::readAllBytes));
    }
  }

  private static int checksum(byte[] entry, int end) {
    CRC32C sum = new CRC32C();
    sum.update(entry, HEAD, end - HEAD);
    return (int) sum.getValue();
  }
}
