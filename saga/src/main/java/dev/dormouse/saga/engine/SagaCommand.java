package dev.dormouse.saga.engine;

import dev.dormouse.saga.Repeat;
import dev.dormouse.saga.Target;
import java.util.Optional;

/// A command as it goes out: the same for every attempt, but for the attempt's number.
///
/// @param saga which saga sends it
/// @param started when that was started, in milliseconds since 1970 UTC: an id may come again
/// @param step the step's name
/// @param send which step, which way, which attempt
/// @param key tells a repetition from a new command: `saga/step/do`, or what the definition says
/// @param repeat for calls outside
/// @param payload made by the codec of the room
public record SagaCommand(
    String saga,
    long started,
    String step,
    Send send,
    Target target,
    String operation,
    String key,
    Optional<Repeat> repeat,
    byte[] payload) {

  /// The same command, sent again.
  public SagaCommand again(Send send) {
    return new SagaCommand(saga, started, step, send, target, operation, key, repeat, payload);
  }
}
