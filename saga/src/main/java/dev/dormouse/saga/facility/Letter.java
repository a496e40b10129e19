package dev.dormouse.saga.facility;

import dev.dormouse.saga.engine.MessageCodec;
import dev.dormouse.saga.engine.SagaCommand;
import dev.dormouse.saga.engine.Trigger;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;

/// What rooms write to each other about sagas.
sealed interface Letter {

  /// From a saga's owner to a participant.
  record Command(SagaCommand command) implements Letter {}

  /// Back.
  record Reply(String saga, Trigger.Reply reply) implements Letter {}

  /// What was a command of a saga that is not there any more.
  record Nothing() implements Letter {}

  /// What a call outside has come to, from the thread that made it.
  record Answer(SagaCommand command, Trigger.Reply reply) implements Letter {}

  /// Begins with the number of its format and its kind.
  default byte[] bytes() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeByte(Format.NUMBER);
      switch (this) {
        case Command(var command) -> {
          out.writeByte(Format.COMMAND);
          out.write(MessageCodec.command(command));
        }
        case Reply(String saga, var reply) -> {
          out.writeByte(Format.REPLY);
          out.writeUTF(saga);
          out.write(MessageCodec.reply(reply));
        }
        case Nothing() -> out.writeByte(Format.NOTHING);
        case Answer(var command, var reply) -> {
          byte[] asked = MessageCodec.command(command);
          out.writeByte(Format.ANSWER);
          out.writeInt(asked.length);
          out.write(asked);
          out.write(MessageCodec.reply(reply));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  /// @throws IllegalArgumentException if it is damaged or of a later format
  static Letter read(byte[] bytes) {
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
      int format = in.readByte();
      if (format != Format.NUMBER) {
        throw new IllegalArgumentException(
            "a letter has format " + format + ", and only " + Format.NUMBER + " is known");
      }
      int kind = in.readByte();
      return switch (kind) {
        case Format.COMMAND -> new Command(MessageCodec.command(in.readAllBytes()));
        case Format.REPLY -> new Reply(in.readUTF(), MessageCodec.reply(in.readAllBytes()));
        case Format.NOTHING -> new Nothing();
        case Format.ANSWER -> {
          byte[] asked = in.readNBytes(in.readInt());
          yield new Answer(MessageCodec.command(asked), MessageCodec.reply(in.readAllBytes()));
        }
        default -> throw new IllegalArgumentException("an unknown letter: " + kind);
      };
    } catch (IOException e) {
      throw new IllegalArgumentException("a damaged letter", e);
    }
  }

  /// Stored; never given another meaning.
  final class Format {
    static final int NUMBER = 2;
    static final int COMMAND = 1;
    static final int REPLY = 2;
    static final int NOTHING = 3;
    static final int ANSWER = 4;

    private Format() {}
  }
}
