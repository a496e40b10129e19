package dev.dormouse.saga.facility;

import dev.dormouse.saga.Command;
import dev.dormouse.saga.OnParked;
import dev.dormouse.saga.RetryPolicy;
import dev.dormouse.saga.Saga;
import dev.dormouse.saga.StepBuilder;
import java.io.Serializable;
import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;

/// What a journey's saga is started with.
///
/// @param full the namespace that has no place left; empty if all have
record Trip(String full) implements Serializable {
  private static final long serialVersionUID = 1;

  /// Who is asked, in order.
  static final List<String> STEPS = List.of("flights", "hotels", "cars");

  /// Flight, hotel and car, each of which can be taken back.
  static Saga<Trip> saga() {
    var saga =
        Saga.define("trip", Trip.class)
            .deadline(Duration.ofHours(1))
            .onParked(new OnParked(Duration.ofMinutes(10), 1_000));
    for (String step : STEPS) {
      saga = saga.step(step, booking(step));
    }
    return saga.build();
  }

  private static UnaryOperator<StepBuilder<Trip>> booking(String namespace) {
    return step ->
        step.act(Command.toRoom(namespace, _ -> "main", "book", it -> it.input()))
            .undo(Command.toRoom(namespace, _ -> "main", "cancel", it -> it.input()))
            .undoRetry(RetryPolicy.of(100, Duration.ofSeconds(1), 2, Duration.ofMinutes(1), 0.2));
  }
}
