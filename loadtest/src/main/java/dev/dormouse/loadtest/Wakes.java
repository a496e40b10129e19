package dev.dormouse.loadtest;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// Tells wakes from messages to rooms that were not asleep after all, and keeps the times of both
/// apart. Only what was shown to be a wake counts as one.
final class Wakes {
  private final Latencies asleep = new Latencies();
  private final Latencies awake = new Latencies();
  private int asked;
  private int woken;

  /// Adds a round in which each room got one message after the silence and another right after.
  ///
  /// All four have a place for each room: how often it was built before the silence and after both
  /// messages, and the nanoseconds of the first and of the second answer. Built once more means
  /// that the first woke it. Not built again means that both found it awake; only the second counts
  /// then. Built more often means that it slept between the two as well, and neither counts.
  void add(long[] before, long[] after, long[] first, long[] second) {
    for (int room = 0; room < before.length; room++) {
      long built = after[room] - before[room];
      asked++;
      if (built == 1) {
        woken++;
        asleep.add(first[room]);
      }
      if (built == 0 || built == 1) {
        awake.add(second[room]);
      }
    }
  }

  /// The figures of all rounds. Without a wake there are none of wakes.
  Sample sample(Span span) {
    Map<Measure, Double> figures = new EnumMap<>(Measure.class);
    figures.put(Measure.WOKEN, asked == 0 ? 0 : 100.0 * woken / asked);
    if (woken > 0) {
      figures.put(Measure.WAKE_P50, asleep.percentile(0.50) / 1e6);
      figures.put(Measure.WAKE_P99, asleep.percentile(0.99) / 1e6);
    }
    figures.put(Measure.AWAKE_P50, awake.percentile(0.50) / 1e6);
    figures.put(Measure.AWAKE_P99, awake.percentile(0.99) / 1e6);
    return new Sample(
        figures, span.clientCores(), span.serverCores(), span.otherCores(), List.of(said()));
  }

  private String said() {
    List<String> said = new ArrayList<>();
    said.add(String.format(Locale.ROOT, "%,d of %,d were wakes", woken, asked));
    if (woken == 0) {
      said.add("no room ever slept, so there are no figures of wakes");
    } else if (woken < asked) {
      said.add("only those are in the figures");
    }
    return String.join("; ", said);
  }
}
