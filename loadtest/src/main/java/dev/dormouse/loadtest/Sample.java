package dev.dormouse.loadtest;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/// The figures of one run of one case against one server.
///
/// @param figures by measure; what could not be measured is not in it
/// @param clientCores CPU share of the client's thread
/// @param serverCores CPU share of the server; empty if it is not known
/// @param otherCores CPU share of everything else on the machine; empty if it is not known
/// @param remarks what has to be known to read the figures
record Sample(
    Map<Measure, Double> figures,
    double clientCores,
    OptionalDouble serverCores,
    OptionalDouble otherCores,
    List<String> remarks) {
  Sample {
    EnumMap<Measure, Double> inOrder = new EnumMap<>(Measure.class);
    inOrder.putAll(figures);
    figures = inOrder;
    remarks = List.copyOf(remarks);
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
    return new Sample(
        figures, span.clientCores(), span.serverCores(), span.otherCores(), List.of());
  }

  static Sample ofStart(double millis) {
    return of(Map.of(Measure.START, millis), List.of());
  }

  /// Figures that no load comes with.
  static Sample of(Map<Measure, Double> figures, List<String> remarks) {
    return new Sample(figures, 0, OptionalDouble.empty(), OptionalDouble.empty(), remarks);
  }
}
