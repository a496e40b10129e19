package dev.dormouse.crash;

import dev.dormouse.crash.check.Checker;
import dev.dormouse.crash.check.Finding;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// Collects what was tried and what was found, for a page that is written anew with every trial, so
/// that a run which is cut short has said what it found. Thread-safe.
final class CrashReport {
  /// How much of a message is told.
  private static final int MOST = 1_000;

  /// A line of the table.
  ///
  /// @param hit 0 if it is not by passes
  private record Name(String point, String what, int hit) {
    private static final Comparator<Name> ORDER =
        Comparator.comparingInt((Name name) -> number(name.point))
            .thenComparing(Name::what)
            .thenComparingInt(Name::hit);

    private static int number(String point) {
      return point.startsWith("C") ? Integer.parseInt(point.substring(1)) : Integer.MAX_VALUE;
    }
  }

  /// What is in it.
  private static final class Row {
    Arena.Tally tally = Arena.Tally.NOTHING;
    final List<String> findings = new ArrayList<>();
  }

  private final long seed;
  private final String command;
  private final String folder;
  private final long began = System.nanoTime();

  // All guarded by this.
  private final Map<Name, Row> rows = new TreeMap<>(Name.ORDER);
  private final Map<String, Integer> transitions = new TreeMap<>();
  private final Map<String, Integer> ends = new TreeMap<>();
  private long answers;

  /// @param folder where the page goes; empty for none
  CrashReport(long seed, String command, String folder) {
    this.seed = seed;
    this.command = command;
    this.folder = folder;
  }

  /// @param news what has happened in the arena for it
  synchronized void ran(
      String point, String what, int hit, Arena.Tally news, List<Finding> findings) {
    Row row = rows.computeIfAbsent(new Name(point, what, hit), _ -> new Row());
    row.tally = row.tally.plus(news);
    findings.forEach(finding -> row.findings.add(finding.toString()));
    write();
  }

  /// It could not be tried, or did not come to its end.
  synchronized void failed(String point, String what, int hit, String why) {
    Row row = rows.computeIfAbsent(new Name(point, what, hit), _ -> new Row());
    // What was found is there already.
    if (row.findings.isEmpty()) {
      row.findings.add(why.length() > MOST ? why.substring(0, MOST) + " …" : why);
    }
    write();
  }

  /// What became of an arena.
  synchronized void left(Arena arena) throws IOException, SQLException {
    answers += arena.oracle().told();
    Checker.transitions(arena.data())
        .forEach((transition, times) -> transitions.merge(transition, times, Integer::sum));
    Checker.statuses(arena.data()).values().forEach(status -> ends.merge(status, 1, Integer::sum));
    write();
  }

  private static String words(Map<String, Integer> counts) {
    return counts.entrySet().stream()
        .map(count -> "%,d %s".formatted(count.getValue(), count.getKey()))
        .collect(Collectors.joining(", "));
  }

  private Arena.Tally sum() {
    return rows.values().stream()
        .map(row -> row.tally)
        .reduce(Arena.Tally.NOTHING, Arena.Tally::plus);
  }

  private long findings() {
    return rows.values().stream().mapToLong(row -> row.findings.size()).sum();
  }

  synchronized String summary() {
    return "%s, %d answers kept, %d findings, seed %d; sagas %s, transitions %s"
        .formatted(sum(), answers, findings(), seed, ends, transitions);
  }

  private void write() {
    if (folder.isEmpty()) {
      return;
    }
    try {
      Files.createDirectories(Path.of(folder));
      Files.writeString(Path.of(folder).resolve("README.md"), page());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String page() {
    Arena.Tally sum = sum();
    StringBuilder page = new StringBuilder();
    page.append("# Sagas and queues in a server that is killed\n\n```\n").append(command);
    page.append("\n```\n\n");
    page.append(
        """
        On %s, %d cores, in %d minutes: %,d processes killed and %,d started, %,d sagas begun and %,d ended, %,d messages \
        sent, %,d answers that clients had got and found kept, **%d findings**, seed %d. Of the sagas %s. Their transitions: %s.

        The seed gives the schedule and what clients ask; how threads take turns, it does not, so counts differ from run to \
        run. What the points are, and what is checked after each death, is in [saga-format.md](../../saga-format.md). C1 to C22 \
        run in a process of rooms without sockets that has failpoints between all parts; `any` is `dormouse serve`, \
        with clients over HTTP and WebSockets (%,d and %,d answers). The pass is how often the failpoint was passed when it happened. What is \
        passed once in a start, or once for each of the %d shard files, was met in so many starts in a row, or at so many \
        files. A clock, a full disk and a loss of power have no passes. What ended or was sent in a run may have been \
        begun in the one before.

        | crash point | failpoint, or what was done | pass | killed | started | sagas begun | ended | messages | findings |
        |---|---|---|---|---|---|---|---|---|
        """
            .formatted(
                LocalDate.now(ZoneOffset.UTC),
                Runtime.getRuntime().availableProcessors(),
                java.time.Duration.ofNanos(System.nanoTime() - began).toMinutes(),
                sum.kills(),
                sum.starts(),
                sum.sagas(),
                sum.ended(),
                sum.messages(),
                answers,
                findings(),
                seed,
                words(ends),
                words(transitions),
                Clients.HTTP_ANSWERS.sum(),
                Clients.SOCKET_ANSWERS.sum(),
                Images.FILES));
    rows.forEach((name, row) ->
        page.append(
            "| %s | %s | %s | %d | %d | %d | %d | %d | %d |\n"
                .formatted(
                    name.point,
                    name.what,
                    name.hit == 0 ? "" : name.hit,
                    row.tally.kills(),
                    row.tally.starts(),
                    row.tally.sagas(),
                    row.tally.ended(),
                    row.tally.messages(),
                    row.findings.size())));
    rows.forEach((name, row) ->
        row.findings.forEach(finding ->
            page.append(
                "\n%s, %s, pass %d: %s\n".formatted(name.point, name.what, name.hit, finding))));
    return page.toString();
  }
}
