package dev.dormouse.saga.facility;

import dev.dormouse.room.Codec;
import dev.dormouse.room.RoomId;
import dev.dormouse.saga.StepCommand;
import dev.dormouse.saga.engine.SagaCommand;
import dev.dormouse.saga.engine.Way;
import java.util.Objects;

/// A command as the participant's code sees it.
///
/// @param number of the letter that brought it
record Asked(RoomId owner, SagaCommand command, long number, Codec codec) implements StepCommand {

  @Override
  public String operation() {
    return command.operation();
  }

  @Override
  public boolean undoes() {
    return command.send().way() == Way.UNDO;
  }

  @Override
  public <T> T payload(Class<T> type) {
    return Objects.requireNonNull(type.cast(codec.decode(command.payload(), type)));
  }

  @Override
  public String sagaId() {
    return command.saga();
  }

  @Override
  public String step() {
    return command.step();
  }

  @Override
  public String token() {
    return new Token(owner, command.saga(), command.send().step(), number).text();
  }
}
