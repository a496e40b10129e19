package dev.dormouse.loadtest;

import java.util.Map;
import java.util.Optional;

/// What our server has set itself, on two cores of which the client takes one.
final class Budget {
  private Budget() {}

  /// Empty where nothing was promised.
  static Optional<Double> of(Case one, Measure measure) {
    Map<Measure, Double> budgets =
        switch (one) {
          case ECHO -> Map.of(Measure.RATE, 90_000.0, Measure.CPU, 10.0);
          case BROADCAST -> Map.of(Measure.CPU, 6.0);
          case BROADCAST_8 -> Map.of(Measure.CPU, 2.5);
          case CAS -> Map.of(Measure.RATE, 4_000.0);
          case CAS_ONE_ROOM -> Map.of(Measure.RATE, 60_000.0);
          case CAS_ROOMS -> Map.of(Measure.RATE, 50_000.0);
          case WAKE -> Map.of(Measure.WAKE_P50, 0.4, Measure.WAKE_P99, 1.5);
          case MEMORY_ROOMS, MEMORY_ROOM -> Map.of(Measure.HEAP, 128.0, Measure.RSS, 1_500.0);
          case MEMORY_USED, SQL, SQL_ONE_ROOM, SQL_ROOMS -> Map.of();
          case START -> Map.of(Measure.START, 1_500.0);
        };
    return Optional.ofNullable(budgets.get(measure));
  }
}
