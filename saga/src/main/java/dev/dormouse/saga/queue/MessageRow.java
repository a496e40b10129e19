package dev.dormouse.saga.queue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;

/// A message's row. Its payload stays in the log.
///
/// @param key its idempotency key
/// @param line the hash of its ordering key; empty if it has none
/// @param attempts how often it was handed out
/// @param since when it could be handed out first, in milliseconds since 1970
/// @param time when its delay or lease ends; 0 if neither
/// @param lease the id of its last lease, as long as that may still be answered; else empty
/// @param error what the last attempt said
record MessageRow(
    MessageState state,
    String key,
    String line,
    int attempts,
    long since,
    long time,
    String lease,
    String error) {
  private static final int FORMAT = 1;

  /// Longer errors are cut.
  static final int ERROR_CHARS = 500;

  static MessageRow ready(String key, String line, long since) {
    return new MessageRow(MessageState.READY, key, line, 0, since, 0, "", "");
  }

  MessageRow leased(String lease, long until) {
    return new MessageRow(MessageState.LEASED, key, line, attempts + 1, since, until, lease, error);
  }

  MessageRow delayed(long until, String why) {
    return new MessageRow(MessageState.DELAYED, key, line, attempts, since, until, "", cut(why));
  }

  /// Whoever has it may take longer.
  MessageRow leasedUntil(long until) {
    return new MessageRow(MessageState.LEASED, key, line, attempts, since, until, lease, error);
  }

  /// Its delay is over.
  MessageRow due() {
    return new MessageRow(MessageState.READY, key, line, attempts, since, 0, "", error);
  }

  /// Its lease is over; who had it may still answer until it is leased again.
  MessageRow expired(String why) {
    return new MessageRow(MessageState.READY, key, line, attempts, since, 0, lease, why);
  }

  MessageRow dead(String why) {
    return new MessageRow(MessageState.DEAD, key, line, attempts, since, 0, "", cut(why));
  }

  /// As if it had never been tried.
  MessageRow redriven(long now) {
    return new MessageRow(MessageState.READY, key, line, 0, now, 0, "", error);
  }

  private static String cut(String text) {
    return text.length() <= ERROR_CHARS ? text : text.substring(0, ERROR_CHARS);
  }

  byte[] encode() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(96);
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeByte(FORMAT);
      out.writeByte(
          switch (state) {
            case READY -> 0;
            case DELAYED -> 1;
            case LEASED -> 2;
            case DEAD -> 3;
          });
      out.writeUTF(key);
      out.writeUTF(line);
      out.writeInt(attempts);
      out.writeLong(since);
      out.writeLong(time);
      out.writeUTF(lease);
      out.writeUTF(error);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  /// @throws IllegalStateException if the row is damaged or from a newer version
  static MessageRow decode(byte[] bytes) {
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
      int format = in.readByte();
      if (format != FORMAT) {
        throw new IllegalStateException("a message's row has format " + format);
      }
      return new MessageRow(
          state(in.readByte()),
          in.readUTF(),
          in.readUTF(),
          in.readInt(),
          in.readLong(),
          in.readLong(),
          in.readUTF(),
          in.readUTF());
    } catch (IOException e) {
      throw new IllegalStateException("a message's row is damaged", e);
    }
  }

  private static MessageState state(int number) {
    return switch (number) {
      case 0 -> MessageState.READY;
      case 1 -> MessageState.DELAYED;
      case 2 -> MessageState.LEASED;
      case 3 -> MessageState.DEAD;
      default -> throw new IllegalStateException("no state has the number " + number);
    };
  }
}
