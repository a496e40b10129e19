package dev.dormouse.saga.queue.node;

import dev.dormouse.saga.queue.QueueMessage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/// What the queues' parts in rooms tell each other, and themselves. Nothing keeps a note; whatever
/// is lost comes again by an alarm or a lease that runs out.
sealed interface Note {

  /// To the own room: the outbox has something to be appended.
  record Relay() implements Note {}

  /// To the own room: what the outbox has for a queue, up to a number, is in its log.
  record Published(String queue, long upTo) implements Note {}

  /// To the own room: the log has not taken it.
  record NotPublished(String queue) implements Note {}

  /// To the own room: rows that could not be appended may be due.
  record Watch() implements Note {}

  /// From a group's room to a consumer's.
  ///
  /// @param lowWater all messages of the group before it are settled
  /// @param settled keys that the consumer acknowledged and need not remember any more
  record Deliver(
      String queue, String group, long lowWater, List<String> settled, List<Handed> messages)
      implements Note {}

  /// A message that was leased for a room.
  record Handed(String lease, long position, int attempt, long appendedAt, QueueMessage message) {}

  /// From a consumer's room to a group's.
  record Answered(List<Answer> answers) implements Note {}

  /// @param acked whether it is done; else it is to be handed out again
  /// @param delay for that, in milliseconds
  record Answer(String lease, String key, boolean acked, long delay, String error) {}

  default byte[] bytes() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      switch (this) {
        case Relay _ -> out.writeByte(1);
        case Published(String queue, long upTo) -> {
          out.writeByte(2);
          out.writeUTF(queue);
          out.writeLong(upTo);
        }
        case NotPublished(String queue) -> {
          out.writeByte(3);
          out.writeUTF(queue);
        }
        case Watch _ -> out.writeByte(6);
        case Deliver deliver -> {
          out.writeByte(4);
          write(out, deliver);
        }
        case Answered(List<Answer> answers) -> {
          out.writeByte(5);
          out.writeInt(answers.size());
          for (Answer answer : answers) {
            out.writeUTF(answer.lease);
            out.writeUTF(answer.key);
            out.writeBoolean(answer.acked);
            out.writeLong(answer.delay);
            out.writeUTF(answer.error);
          }
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  private static void write(DataOutputStream out, Deliver deliver) throws IOException {
    out.writeUTF(deliver.queue);
    out.writeUTF(deliver.group);
    out.writeLong(deliver.lowWater);
    out.writeInt(deliver.settled.size());
    for (String key : deliver.settled) {
      out.writeUTF(key);
    }
    out.writeInt(deliver.messages.size());
    for (Handed handed : deliver.messages) {
      out.writeUTF(handed.lease);
      out.writeLong(handed.position);
      out.writeInt(handed.attempt);
      out.writeLong(handed.appendedAt);
      MessageBytes.write(out, handed.message);
    }
  }

  /// @throws IllegalArgumentException if that is no note
  static Note read(byte[] bytes) {
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
      int kind = in.readByte();
      return switch (kind) {
        case 1 -> new Relay();
        case 2 -> new Published(in.readUTF(), in.readLong());
        case 3 -> new NotPublished(in.readUTF());
        case 4 -> deliver(in);
        case 5 -> answered(in);
        case 6 -> new Watch();
        default -> throw new IllegalArgumentException("no note has the number " + kind);
      };
    } catch (IOException e) {
      throw new IllegalArgumentException("a damaged note", e);
    }
  }

  private static Deliver deliver(DataInputStream in) throws IOException {
    String queue = in.readUTF();
    String group = in.readUTF();
    long lowWater = in.readLong();
    List<String> settled = new ArrayList<>();
    for (int left = in.readInt(); left > 0; left--) {
      settled.add(in.readUTF());
    }
    List<Handed> messages = new ArrayList<>();
    for (int left = in.readInt(); left > 0; left--) {
      messages.add(
          new Handed(
              in.readUTF(), in.readLong(), in.readInt(), in.readLong(), MessageBytes.read(in)));
    }
    return new Deliver(queue, group, lowWater, settled, messages);
  }

  private static Answered answered(DataInputStream in) throws IOException {
    List<Answer> answers = new ArrayList<>();
    for (int left = in.readInt(); left > 0; left--) {
      answers.add(
          new Answer(in.readUTF(), in.readUTF(), in.readBoolean(), in.readLong(), in.readUTF()));
    }
    return new Answered(answers);
  }
}
