package dev.dormouse.saga.facility;

import dev.dormouse.room.Refusal;
import dev.dormouse.room.spi.Execution;
import dev.dormouse.saga.Command;
import dev.dormouse.saga.ExternalCall;
import dev.dormouse.saga.ExternalService;
import dev.dormouse.saga.Repeat;
import dev.dormouse.saga.RetryPolicy;
import dev.dormouse.saga.Saga;
import dev.dormouse.saga.SoFar;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Somebody outside, who takes his time, outlives the process and honours keys.
final class Bank implements ExternalService {
  /// What stands, by key: `charged`, `refunded`, or `refused`.
  final Map<String, String> book = new LinkedHashMap<>();

  /// Every call, in order.
  final List<String> calls = new ArrayList<>();

  private final Supplier<Execution> execution;
  Duration takes = Duration.ZERO;
  boolean says;
  int failures;
  private int inside;

  Bank(Supplier<Execution> execution) {
    this.execution = execution;
    says = true;
  }

  /// A flight, a payment and a car.
  static Saga<Trip> saga(Repeat repeat) {
    return Saga.define("trip", Trip.class)
        .step(
            "flights",
            step ->
                step.act(Command.toRoom("flights", _ -> "main", "book", SoFar::input))
                    .undo(Command.toRoom("flights", _ -> "main", "cancel", SoFar::input)))
        .step(
            "pay",
            step ->
                step.act(Command.external("bank", "charge", SoFar::sagaId, repeat, SoFar::input))
                    .undo(Command.external("bank", "refund", SoFar::sagaId, repeat, SoFar::input))
                    .undoRetry(
                        RetryPolicy.of(100, Duration.ofSeconds(1), 2, Duration.ofMinutes(1), 0.2)))
        .step(
            "cars",
            step ->
                step.act(Command.toRoom("cars", _ -> "main", "book", SoFar::input))
                    .undo(Command.toRoom("cars", _ -> "main", "cancel", SoFar::input)))
        .build();
  }

  @Override
  public @Nullable String call(ExternalCall call) throws Exception {
    calls.add(call.operation() + " " + call.key());
    if (inside++ > 0) {
      throw new AssertionError("two calls at once: " + calls);
    }
    try {
      if (!takes.isZero()) {
        execution.get().signal().await(takes);
      }
      if (failures > 0) {
        failures--;
        throw new java.io.IOException("the line is down");
      }
      return answer(call);
    } finally {
      inside--;
    }
  }

  private @Nullable String answer(ExternalCall call) {
    String known = book.get(call.key());
    switch (call.operation()) {
      case "ask" -> {
        return "charged".equals(known) ? "asked" : null;
      }
      case "charge" -> {
        if (!says) {
          throw new Refusal.Refused(402, "no money");
        }
        if (known == null) {
          book.put(call.key(), "charged");
        }
      }
      case "refund" -> book.put(call.key(), "refunded");
      default -> throw new IllegalArgumentException(call.operation());
    }
    return call.payload(Trip.class).full() + "ok";
  }
}
