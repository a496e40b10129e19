package dev.dormouse.loadtest;

import java.util.EnumMap;
import java.util.Map;
import java.util.OptionalDouble;

/// The figures of one run of one case against one server.
///
/// @param figures by measure; what could not be measured is not in it
/// @param clientCores CPU share of the client's thread
/// @param serverCores CPU share of the server; empty if it is not known
/// @param otherCores CPU share of everything else on the machine; empty if it is not known
record Sample(
    Map<Measure, Double> figures,
    double clientCores,
    OptionalDouble serverCores,
    OptionalDouble otherCores) {
  Sample {
    EnumMap<Measure, Double> inOrder = new EnumMap<>(Measure.class);
    inOrder.putAll(figures);
    figures = inOrder;
  }

  /// @throws WireException if nothing was answered in that time
  static Sample of(Tally tally, Span span) {
    if (tally.total() == 0) {
      throw new WireException("nothing was answered in %.1f s".formatted(span.seconds()));
    }
    Map<Measure, Double> figures = new EnumMap<>(Measure.class);
    figures.put(Measure.RATE, tally.total() / span.seconds());
    if (span.serverCpu().isPresent()) {
      figures.put(Measure.CPU, span.serverCpu().getAsDouble() * 1e6 / tally.total());
    }
    figures.put(Measure.P50, tally.latencies().percentile(0.50) / 1e6);
    figures.put(Measure.P99, tally.latencies().percentile(0.99) / 1e6);
    OptionalDouble serverCores =
        span.serverCpu().isPresent()
            ? OptionalDouble.of(span.serverCpu().getAsDouble() / span.seconds())
            : OptionalDouble.empty();
    return new Sample(figures, span.clientCores(), serverCores, span.otherCores());
  }

  static Sample ofStart(double millis) {
    return new Sample(
        Map.of(Measure.START, millis), 0, OptionalDouble.empty(), OptionalDouble.empty());
  }
}
