package dev.dormouse.loadtest.storm;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What is wrong, as it is found. Safe for any thread.
final class Findings {
  /// How many of one kind are told in full.
  private static final int TOLD = 5;

  private final Weather weather;

  /// Guarded by this, as what follows.
  private final List<String> told = new ArrayList<>();

  private final Map<String, Integer> counts = new LinkedHashMap<>();

  Findings(Weather weather) {
    this.weather = weather;
  }

  /// @param kind which promise is broken
  synchronized void add(String kind, String what) {
    int count = counts.merge(kind, 1, Integer::sum);
    if (count <= TOLD) {
      String line =
          "%s, %s, %s: %s"
              .formatted(Instant.now().truncatedTo(ChronoUnit.SECONDS), weather.now(), kind, what);
      told.add(line);
      System.err.println("FINDING " + line);
    }
  }

  /// Adds one unless `good`.
  void check(boolean good, String kind, String what) {
    if (!good) {
      add(kind, what);
    }
  }

  synchronized int count() {
    return counts.values().stream().mapToInt(Integer::intValue).sum();
  }

  synchronized List<String> told() {
    return List.copyOf(told);
  }
}
