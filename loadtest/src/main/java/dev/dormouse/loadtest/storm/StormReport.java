package dev.dormouse.loadtest.storm;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What a storm has shown, in Markdown.
record StormReport(
    StormOptions options,
    Map<String, String> machine,
    Course course,
    List<Client> clients,
    Weather weather,
    Findings findings,
    List<Long> starts) {
  /// How many moments of the server's resources are in the table.
  private static final int MOMENTS = 24;

  private static final int LOG_KINDS = 20;
  private static final Pattern LOG_LINE = Pattern.compile("\\b(ERROR|WARN)\\b\\s+(.*)");

  /// @param log the server's
  /// @param possible which faults this machine can do
  String markdown(Path log, Set<Fault> possible) throws IOException {
    StringBuilder out = new StringBuilder();
    out.append(
        """
        # A storm of %d minutes

        ```
        %s
        ```

        One `./dormouse serve` under load, with faults by a seeded schedule. Clients keep books of all that was \
        acknowledged and compare them with the server after each fault, and once more in the end, with the clock \
        so far ahead that every alarm is due. [loadtest/README.md](../../loadtest/README.md#a-storm) says what \
        they do and check.

        **%d faults, %,d acknowledged, %d findings.**

        """
            .formatted(
                options.minutes(),
                options.command(),
                course.struck().size(),
                clients.stream().mapToLong(Client::acknowledged).sum(),
                findings.count()));
    machine.forEach(
        (name, value) -> out.append("- ").append(name).append(": ").append(value).append('\n'));
    faults(out, possible);
    books(out);
    resources(out);
    out.append("\n## Findings\n\n");
    findings.told().forEach(one -> out.append("- ").append(one).append('\n'));
    if (findings.count() == 0) {
      out.append("None.\n");
    }
    log(out, log);
    return out.toString();
  }

  private void faults(StringBuilder out, Set<Fault> possible) {
    out.append(
        """

        ## Faults

        Answered, refused for now (503, 507) and lost (nobody knows) are requests that began while the fault lasted \
        or was being got over; times are from the request to its answer. *Well after* is how long it took after the \
        fault's end, a pause of 6 s included, until all books agreed.

        | fault | times | answered | refused | lost | p50, ms | p99, ms | longest, ms | well after, s: middle | longest | findings |
        |---|---|---|---|---|---|---|---|---|---|---|
        """);
    Map<Fault, Weather.Seen> seen = weather.seen();
    for (Fault fault : Fault.values()) {
      if (!possible.contains(fault)) {
        out.append(
            "| %s | not possible on this machine | | | | | | | | | |%n".formatted(fault.means));
        continue;
      }
      List<Course.Struck> all =
          course.struck().stream().filter(one -> one.strike().fault() == fault).toList();
      long[] well = all.stream().mapToLong(Course.Struck::checkedMillis).sorted().toArray();
      Weather.Seen here = seen.getOrDefault(fault, new Weather.Seen());
      out.append(
          String.format(
              Locale.ROOT,
              "| %s | %s | %,d | %,d | %,d | %.1f | %.1f | %.0f | %.1f | %.1f | %d |%n",
              fault.means,
              fault == Fault.CALM ? "" : String.valueOf(all.size()),
              here.answered,
              here.refused,
              here.lost,
              here.waits.percentile(50) / 1e3,
              here.waits.percentile(99) / 1e3,
              here.waits.max() / 1e3,
              well.length == 0 ? 0 : well[well.length / 2] / 1e3,
              well.length == 0 ? 0 : well[well.length - 1] / 1e3,
              all.stream().mapToInt(Course.Struck::findings).sum()));
    }
    long[] sorted = starts.stream().mapToLong(Long::longValue).sorted().toArray();
    if (sorted.length > 0) {
      out.append(
          "%nThe server was started %d times; it was ready after %d ms in the middle, %d ms at most.%n"
              .formatted(sorted.length, sorted[sorted.length / 2], sorted[sorted.length - 1]));
    }
  }

  private void books(StringBuilder out) {
    Map<String, Long> acknowledged = new LinkedHashMap<>();
    clients.forEach(one -> acknowledged.merge(one.name(), one.acknowledged(), Long::sum));
    out.append("\n## Books\n\n| what | acknowledged, and found kept |\n|---|---|\n");
    acknowledged.forEach((name, count) -> out.append("| %s | %,d |%n".formatted(name, count)));
  }

  private void resources(StringBuilder out) {
    out.append(
        """

        ## Resources

        Between two faults. The heap is that of live objects, after a collection; rooms woken are those of the \
        process.

        | second | age of the process, s | live heap, MiB | resident, MiB | threads | descriptors | sockets parked | rooms woken | disk, MiB |
        |---|---|---|---|---|---|---|---|---|
        """);
    List<Vitals> all = course.vitals();
    int step = Math.max(1, all.size() / MOMENTS);
    List<Vitals> some = new ArrayList<>();
    for (int i = 0; i < all.size(); i += step) {
      some.add(all.get(i));
    }
    if (!all.isEmpty() && !some.getLast().equals(all.getLast())) {
      some.add(all.getLast());
    }
    for (Vitals one : some) {
      out.append(
          String.format(
              Locale.ROOT,
              "| %d | %d | %.1f | %d | %d | %d | %d | %d | %d |%n",
              one.second(),
              one.age(),
              one.heap(),
              one.resident(),
              one.threads(),
              one.descriptors(),
              one.parked(),
              one.woken(),
              one.disk()));
    }
    out.append(
        String.format(
            Locale.ROOT,
            "%nMost of all %d moments: live heap %.1f MiB, resident %d MiB, %d threads, %d descriptors.%n",
            all.size(),
            all.stream().mapToDouble(Vitals::heap).max().orElse(0),
            all.stream().mapToLong(Vitals::resident).max().orElse(0),
            all.stream().mapToLong(Vitals::threads).max().orElse(0),
            all.stream().mapToLong(Vitals::descriptors).max().orElse(0)));
  }

  /// What the server itself said, by kind, numbers left out.
  private static void log(StringBuilder out, Path log) throws IOException {
    Map<String, Integer> kinds = new TreeMap<>();
    for (String line : Files.readAllLines(log)) {
      Matcher said = LOG_LINE.matcher(line);
      if (said.find()) {
        String kind = said.group(1) + " " + said.group(2).replaceAll("[0-9a-f]{8,}|[0-9]+", "n");
        kinds.merge(
            kind.substring(0, Math.min(kind.length(), 160)).replace('|', '/'), 1, Integer::sum);
      }
    }
    out.append("\n## What the server said\n\n| times | what |\n|---|---|\n");
    kinds.entrySet().stream()
        .sorted(Map.Entry.<String, Integer>comparingByValue().reversed())
        .limit(LOG_KINDS)
        .forEach(one -> out.append("| %d | %s |%n".formatted(one.getValue(), one.getKey())));
  }
}
