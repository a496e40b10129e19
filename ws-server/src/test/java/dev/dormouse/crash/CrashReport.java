package dev.dormouse.crash;

import dev.dormouse.crash.check.Checker;
import dev.dormouse.crash.check.Finding;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/// Collects what was tried and what was found, for a page.
final class CrashReport {

  /// One line of the table.
  private static final class Row {
    final TreeSet<Integer> hits = new TreeSet<>();
    final List<String> findings = new ArrayList<>();
    int runs;
  }

  private final long seed;
  private final Map<String, Row> rows = new LinkedHashMap<>();
  private final Map<String, Integer> transitions = new TreeMap<>();
  private final Map<String, Integer> ends = new TreeMap<>();
  private long answers;

  CrashReport(long seed) {
    this.seed = seed;
  }

  /// @param hit 0 if it is not by hits
  void ran(String point, String what, int hit, List<Finding> findings) {
    Row row = rows.computeIfAbsent("%s | %s".formatted(point, what), _ -> new Row());
    row.runs++;
    if (hit > 0) {
      row.hits.add(hit);
    }
    findings.forEach(finding -> row.findings.add(finding.toString()));
  }

  /// What became of an arena.
  void left(Arena arena) throws Exception {
    answers += arena.oracle().told();
    Checker.transitions(arena.data())
        .forEach((transition, times) -> transitions.merge(transition, times, Integer::sum));
    Checker.statuses(arena.data()).values().forEach(status -> ends.merge(status, 1, Integer::sum));
  }

  Map<String, Integer> transitions() {
    return transitions;
  }

  private static String words(Map<String, Integer> counts) {
    return counts.entrySet().stream()
        .map(count -> "%,d %s".formatted(count.getValue(), count.getKey()))
        .collect(Collectors.joining(", "));
  }

  private int runs() {
    return rows.values().stream().mapToInt(row -> row.runs).sum();
  }

  private long findings() {
    return rows.values().stream().mapToLong(row -> row.findings.size()).sum();
  }

  String summary() {
    return "%d runs, %d answers kept, %d findings, seed %d; sagas %s, transitions %s"
        .formatted(runs(), answers, findings(), seed, ends, transitions);
  }

  void write(Path folder, String command, Duration took) throws IOException {
    Files.createDirectories(folder);
    StringBuilder page = new StringBuilder();
    page.append("# Sagas in a server that is killed\n\n```\n").append(command);
    page.append("\n```\n\n");
    page.append(
        """
        On %s, %d cores, in %d minutes: %d processes killed or hurt, %,d answers that clients had got and found kept, \
        %d findings, seed %d. The sagas: %s. Their transitions: %s. What the points are, and what is checked after each, is in \
        [saga-format.md](../../saga-format.md).

        | crash point | failpoint, or what was done | hits | runs | findings | seed |
        |---|---|---|---|---|---|
        """
            .formatted(
                java.time.LocalDate.now(java.time.ZoneOffset.UTC),
                Runtime.getRuntime().availableProcessors(),
                took.toMinutes(),
                runs(),
                answers,
                findings(),
                seed,
                words(ends),
                words(transitions)));
    rows.forEach((name, row) -> {
      String hits = row.hits.isEmpty() ? "" : row.hits.toString().replaceAll("[\\[\\]]", "");
      page.append(
          "| %s | %s | %d | %d | %d |\n"
              .formatted(name, hits, row.runs, row.findings.size(), seed));
    });
    rows.forEach((name, row) ->
        row.findings.forEach(
            finding -> page.append("\n").append(name).append(": ").append(finding).append('\n')));
    Files.writeString(folder.resolve("README.md"), page);
  }
}
