package dev.dormouse.saga.facility;

import dev.dormouse.room.Codec;
import dev.dormouse.saga.ExternalCall;
import dev.dormouse.saga.engine.SagaCommand;
import dev.dormouse.saga.engine.Way;
import java.util.Objects;

/// A command as a service sees it.
record Called(SagaCommand command, String operation, boolean looksUp, Codec codec)
    implements ExternalCall {

  @Override
  public boolean undoes() {
    return command.send().way() == Way.UNDO;
  }

  @Override
  public String key() {
    return command.key();
  }

  @Override
  public <T> T payload(Class<T> type) {
    return Objects.requireNonNull(type.cast(codec.decode(command.payload(), type)));
  }
}
