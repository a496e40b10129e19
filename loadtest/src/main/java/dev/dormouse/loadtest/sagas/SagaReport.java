package dev.dormouse.loadtest.sagas;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/// The table that people read: medians of all rounds, with their range, and the goals.
final class SagaReport {
  /// Ours is to have this many times the peer's rate with many under way.
  private static final double TIMES = 10;

  /// One alone is to take this many ms at most, at the median.
  private static final double ALONE = 5;

  private static final String TIMES_GOAL = "≥ 10 times";
  private static final String ALONE_GOAL = "≤ 5 ms";
  private static final String NO_GOAL = "–";

  /// In place of a goal, for what is not about the servers.
  private static final String NO_COMPARISON = "";

  private final List<String> names;
  private final Map<Integer, Map<String, List<Drive.Sample>>> samples = new LinkedHashMap<>();

  /// @param names of the servers, ours first
  SagaReport(List<String> names) {
    this.names = List.copyOf(names);
  }

  void add(int clients, String name, Drive.Sample sample) {
    samples
        .computeIfAbsent(clients, _ -> new LinkedHashMap<>())
        .computeIfAbsent(name, _ -> new ArrayList<>())
        .add(sample);
  }

  static String line(int clients, String name, Drive.Sample sample) {
    String disk =
        sample.work().isKnown()
            ? "; %.1f commits and %.2f syncs each"
                .formatted(sample.work().commits(), sample.work().syncs())
            : "";
    return "%d at once, %s: %,.0f a second, p50 %.2f ms, p99 %.2f ms, %.3f ms of CPU each%s; client %.2f and others %.2f cores"
        .formatted(
            clients,
            name,
            sample.rate(),
            sample.p50(),
            sample.p99(),
            sample.cpu(),
            disk,
            sample.client(),
            sample.others());
  }

  String markdown() {
    StringBuilder text = new StringBuilder("| under way | measure | goal |");
    names.forEach(name -> text.append(' ').append(name).append(" |"));
    if (names.size() > 1) {
      text.append(" times better |");
    }
    text.append("\n|---|---|---|").append("---|".repeat(names.size() > 1 ? 1 : 0));
    text.append("---|".repeat(names.size())).append('\n');
    samples.keySet().forEach(clients -> rows(text, clients));
    return text.toString();
  }

  private void rows(StringBuilder text, int clients) {
    String rateGoal = clients > 1 && names.size() > 1 ? TIMES_GOAL : NO_GOAL;
    row(text, clients, "rate, a second", "%,.0f", rateGoal, Drive.Sample::rate, false);
    String p50Goal = clients == 1 ? ALONE_GOAL : NO_GOAL;
    row(text, clients, "p50, ms", "%.2f", p50Goal, Drive.Sample::p50, true);
    row(text, clients, "p99, ms", "%.2f", NO_GOAL, Drive.Sample::p99, true);
    row(text, clients, "server CPU, ms each", "%.2f", NO_GOAL, Drive.Sample::cpu, true);
    row(
        text,
        clients,
        "of it the services' own process",
        "%.2f",
        "–",
        Drive.Sample::services,
        true);
    row(text, clients, "write sets each", "%.1f", NO_GOAL, s -> s.work().commits(), true);
    row(text, clients, "syncs each", "%.2f", NO_GOAL, s -> s.work().syncs(), true);
    row(text, clients, "cores that others used", "%.1f", NO_COMPARISON, Drive.Sample::others, true);
    row(text, clients, "cores of the client", "%.2f", NO_COMPARISON, Drive.Sample::client, true);
  }

  private void row(
      StringBuilder text,
      int clients,
      String title,
      String format,
      String goal,
      ToDoubleFunction<Drive.Sample> figure,
      boolean lessIsBetter) {
    List<double[]> each = new ArrayList<>();
    for (String name : names) {
      each.add(
          samples.getOrDefault(clients, Map.of()).getOrDefault(name, List.of()).stream()
              .mapToDouble(figure)
              .filter(value -> !Double.isNaN(value))
              .sorted()
              .toArray());
    }
    if (each.stream().allMatch(values -> values.length == 0)) {
      return;
    }
    text.append("| ").append(clients).append(" | ").append(title).append(" | ").append(goal);
    for (int i = 0; i < each.size(); i++) {
      text.append(" | ").append(cell(format, each.get(i)));
      if (i == 0 && goal.equals(ALONE_GOAL) && each.get(i).length > 0) {
        text.append(verdict(median(each.get(i)) <= ALONE));
      }
    }
    if (names.size() > 1) {
      text.append(" | ").append(compared(goal, each, lessIsBetter));
    }
    text.append(" |\n");
  }

  private static String cell(String format, double[] sorted) {
    return switch (sorted.length) {
      case 0 -> "–";
      case 1 -> format.formatted(sorted[0]);
      default ->
          (format + " (" + format + "–" + format + ")")
              .formatted(median(sorted), sorted[0], sorted[sorted.length - 1]);
    };
  }

  private static double median(double[] sorted) {
    return Arrays.stream(sorted, (sorted.length - 1) / 2, sorted.length / 2 + 1)
        .average()
        .orElseThrow();
  }

  /// How many times better ours is; a dash where that says nothing.
  private static String compared(String goal, List<double[]> each, boolean lessIsBetter) {
    double[] ours = each.get(0);
    double[] peers = each.get(1);
    if (goal.equals(NO_COMPARISON)
        || ours.length == 0
        || peers.length == 0
        || median(ours) <= 0
        || median(peers) <= 0) {
      return "–";
    }
    double times = lessIsBetter ? median(peers) / median(ours) : median(ours) / median(peers);
    return "%.1f".formatted(times) + (goal.equals(TIMES_GOAL) ? verdict(times >= TIMES) : "");
  }

  private static String verdict(boolean kept) {
    return kept ? " ✓" : " **missed**";
  }
}
