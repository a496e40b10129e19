package dev.dormouse.loadtest;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// How much a server's memory grew by things that sleep.
///
/// @param things what grew it, for people: `connections`
/// @param number how many there were
/// @param wanted how many there should have been
/// @param looked rooms that were asked afterwards whether they had slept
/// @param slept how many of them had
record Growth(
    String things,
    int number,
    int wanted,
    int looked,
    int slept,
    Footprint before,
    Footprint after) {

  /// Where no room slept there are no figures, but the memory that awake ones took is told.
  Sample sample() {
    Map<Measure, Double> figures = new EnumMap<>(Measure.class);
    if (slept > 0) {
      figures.put(Measure.RSS, resident());
      if (isJvm()) {
        figures.put(Measure.HEAP, heap());
      }
    }
    return Sample.of(figures, remarks());
  }

  private double resident() {
    return (after.resident() - before.resident()) / (double) number;
  }

  private boolean isJvm() {
    return before.heap().isPresent() && after.heap().isPresent();
  }

  private double heap() {
    return (after.heap().orElseThrow().total() - before.heap().orElseThrow().total())
        / (double) number;
  }

  private List<String> remarks() {
    List<String> remarks = new ArrayList<>();
    if (number < wanted) {
      remarks.add(
          "only %s of %s %s: its descriptors take no more"
              .formatted(whole(number), whole(wanted), things));
    }
    remarks.add("%d of %d rooms looked at had slept".formatted(slept, looked));
    if (slept == 0) {
      remarks.add(
          "awake they take %s bytes of RSS each".formatted(whole(resident()))
              + (isJvm() ? " and %s of heap".formatted(whole(heap())) : ""));
    }
    remarks.add(
        "%s %s: RSS from %s to %s MB"
                .formatted(
                    whole(number),
                    things,
                    megabytes(before.resident()),
                    megabytes(after.resident()))
            + (isJvm()
                ? ", heap from %s to %s MB"
                    .formatted(
                        megabytes(before.heap().orElseThrow().total()),
                        megabytes(after.heap().orElseThrow().total()))
                : ""));
    if (isJvm()) {
      remarks.add(
          "bytes of heap each, by class: "
              + after.heap().orElseThrow().growth(before.heap().orElseThrow(), number));
    }
    return remarks;
  }

  private static String whole(double value) {
    return String.format(Locale.ROOT, "%,.0f", value);
  }

  private static String megabytes(long bytes) {
    return String.format(Locale.ROOT, "%.1f", bytes / 1e6);
  }
}
