package dev.dormouse.saga.facility;

import dev.dormouse.room.spi.FacilityRoom;
import dev.dormouse.saga.engine.MessageCodec;
import dev.dormouse.saga.engine.RowKeys;
import dev.dormouse.saga.engine.SagaCommand;
import dev.dormouse.saga.engine.Send;
import dev.dormouse.saga.engine.Way;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;

/// A letter as it is kept until it is settled: whole, or, since its saga has the command, by the
/// command's name.
sealed interface Kept {

  /// A command of a saga of this room's: which attempt of which step.
  record OfSaga(String saga, Send send) implements Kept {}

  /// Anything else.
  record Whole(byte[] letter) implements Kept {}

  static Kept of(Letter letter) {
    return letter instanceof Letter.Command(SagaCommand command)
        ? new OfSaga(command.saga(), command.send())
        : new Whole(letter.bytes());
  }

  /// Whether it is cut when it was taken; a command waits for its answer.
  default boolean untilTaken() {
    return switch (this) {
      case OfSaga _ -> false;
      case Whole _ -> true;
    };
  }

  static boolean isCommand(byte[] row) {
    return row[1] == Letter.Format.COMMAND;
  }

  /// The letter as it goes out. Of a saga that was removed meanwhile, only its number does.
  default byte[] letter(FacilityRoom room) {
    return switch (this) {
      case Whole(byte[] letter) -> letter;
      case OfSaga(String saga, Send send) ->
          room.get(RowKeys.command(saga, send.way(), send.step()))
              .<Letter>map(row -> new Letter.Command(MessageCodec.command(row).again(send)))
              .orElse(new Letter.Nothing())
              .bytes();
    };
  }

  default byte[] bytes() {
    return switch (this) {
      case Whole(byte[] letter) -> letter;
      case OfSaga(String saga, Send send) -> {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(64);
        try (DataOutputStream out = new DataOutputStream(bytes)) {
          out.writeByte(Letter.Format.NUMBER);
          out.writeByte(Letter.Format.COMMAND);
          out.writeUTF(saga);
          out.writeBoolean(send.way() == Way.UNDO);
          out.writeInt(send.step());
          out.writeInt(send.attempt());
          out.writeInt(send.round());
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
        yield bytes.toByteArray();
      }
    };
  }

  static Kept read(byte[] row) {
    if (!isCommand(row)) {
      return new Whole(row);
    }
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(row, 2, row.length))) {
      String saga = in.readUTF();
      Way way = in.readBoolean() ? Way.UNDO : Way.DO;
      int step = in.readInt();
      return new OfSaga(saga, new Send(step, way, in.readInt(), in.readInt()));
    } catch (IOException e) {
      throw new IllegalArgumentException("a damaged letter", e);
    }
  }
}
