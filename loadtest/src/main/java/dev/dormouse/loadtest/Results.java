package dev.dormouse.loadtest;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Every sample of a run, by case and by server.
final class Results {
  private final Map<Case, Map<String, List<Sample>>> samples = new EnumMap<>(Case.class);

  void add(Case one, String contender, Sample sample) {
    samples
        .computeIfAbsent(one, _ -> new LinkedHashMap<>())
        .computeIfAbsent(contender, _ -> new ArrayList<>())
        .add(sample);
  }

  /// The cases that were run, in order.
  Set<Case> cases() {
    return samples.keySet();
  }

  /// In the order they were measured; empty if this server was not.
  List<Sample> of(Case one, String contender) {
    return samples.getOrDefault(one, Map.of()).getOrDefault(contender, List.of());
  }

  /// The figures of one measure over all runs, from the lowest; empty if it was not measured.
  Optional<Spread> spread(Case one, String contender, Measure measure) {
    double[] values =
        of(one, contender).stream()
            .filter(sample -> sample.figures().containsKey(measure))
            .mapToDouble(sample -> sample.figures().getOrDefault(measure, Double.NaN))
            .sorted()
            .toArray();
    if (values.length == 0) {
      return Optional.empty();
    }
    int middle = values.length / 2;
    double median =
        values.length % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
    return Optional.of(new Spread(median, values[0], values[values.length - 1], values.length));
  }

  /// @param runs how many figures it stands for
  record Spread(double median, double lowest, double highest, int runs) {}
}
