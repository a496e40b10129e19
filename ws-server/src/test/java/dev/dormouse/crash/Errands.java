package dev.dormouse.crash;

import dev.dormouse.saga.Command;
import dev.dormouse.saga.OnParked;
import dev.dormouse.saga.Repeat;
import dev.dormouse.saga.RetryPolicy;
import dev.dormouse.saga.Saga;
import dev.dormouse.saga.SoFar;
import dev.dormouse.saga.StepBuilder;
import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;

/// The definitions: of each kind of step one, with little patience, so that a run is short.
final class Errands {
  static final String SEATS = "seats";
  static final String BEDS = "beds";
  static final String CARS = "cars";
  static final List<String> PARTICIPANTS = List.of(SEATS, BEDS, CARS);
  static final List<String> NAMES = List.of("trip", "deal", "order", "pair");

  /// A trip that stays parked for an hour; not among the others.
  static final String STUCK = "stuck";

  /// Takes a key it knows for the first call.
  static final String BANK = "bank";

  /// Would charge twice, but can be asked.
  static final String TILL = "till";

  private static final Duration TIMEOUT = Duration.ofMillis(1_500);
  private static final RetryPolicy RETRY =
      RetryPolicy.of(5, Duration.ofMillis(100), 2, Duration.ofSeconds(1), 0.2);
  private static final RetryPolicy UNDO =
      RetryPolicy.of(3, Duration.ofMillis(100), 2, Duration.ofSeconds(1), 0.2);
  private static final OnParked PARKED = new OnParked(Duration.ofMillis(700), 1_000_000);

  private Errands() {}

  static List<Saga<?>> sagas() {
    return List.of(
        Saga.define("trip", Errand.class)
            .deadline(Duration.ofMinutes(30))
            .onParked(PARKED)
            .step(SEATS, room(SEATS))
            .step(BEDS, room(BEDS))
            .step(CARS, room(CARS))
            .build(),
        Saga.define(STUCK, Errand.class)
            .onParked(OnParked.remind())
            .step(SEATS, room(SEATS))
            .step(BEDS, room(BEDS))
            .step(CARS, room(CARS))
            .build(),
        Saga.define("deal", Errand.class)
            .onParked(PARKED)
            .step(SEATS, room(SEATS))
            .step("pay", Errands::asked)
            .step(CARS, room(CARS))
            .build(),
        Saga.define("order", Errand.class)
            .onParked(PARKED)
            .step(SEATS, room(SEATS))
            .step("pay", Errands::once)
            .step(CARS, Errands::inTheEnd)
            .build(),
        Saga.define("pair", Errand.class)
            .onParked(PARKED)
            .parallel(group -> group.step(SEATS, room(SEATS)).step(BEDS, room(BEDS)))
            .step(CARS, room(CARS))
            .build());
  }

  private static UnaryOperator<StepBuilder<Errand>> room(String namespace) {
    return step -> patient(step).act(take(namespace)).undo(giveBack(namespace));
  }

  private static StepBuilder<Errand> patient(StepBuilder<Errand> step) {
    return step.timeout(TIMEOUT).retry(RETRY).undoRetry(UNDO);
  }

  private static Command<Errand> take(String namespace) {
    return Command.toRoom(namespace, it -> it.input().place(), "take", SoFar::input);
  }

  private static Command<Errand> giveBack(String namespace) {
    return Command.toRoom(namespace, it -> it.input().place(), "give-back", SoFar::input);
  }

  private static StepBuilder<Errand> asked(StepBuilder<Errand> step) {
    Repeat ask = Repeat.lookup("find");
    return patient(step)
        .act(Command.external(TILL, "charge", SoFar::sagaId, ask, SoFar::input))
        .undo(Command.external(TILL, "refund", SoFar::sagaId, ask, SoFar::input));
  }

  private static StepBuilder<Errand> once(StepBuilder<Errand> step) {
    return patient(step)
        .pivot()
        .act(Command.external(BANK, "charge", SoFar::sagaId, Repeat.idempotent(), SoFar::input));
  }

  /// After the pivot nothing may say no for good.
  private static StepBuilder<Errand> inTheEnd(StepBuilder<Errand> step) {
    return patient(step)
        .retriable()
        .act(
            Command.toRoom(
                CARS,
                it -> it.input().place(),
                "take-any",
                it ->
                    new Errand(
                        it.input().seat(),
                        "",
                        it.input().stumbles(),
                        it.input().breaks(),
                        it.input().sticks(),
                        it.input().later())));
  }
}
