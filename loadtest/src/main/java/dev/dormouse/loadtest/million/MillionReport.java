package dev.dormouse.loadtest.million;

import dev.dormouse.loadtest.figures.Tick;
import dev.dormouse.loadtest.figures.Times;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;

/// The page that people read.
record MillionReport(Outcome outcome) {
  private static final double MIB = 1 << 20;

  String markdown() {
    StringBuilder page = new StringBuilder();
    page.append("# %,d connections%n%n".formatted(outcome.plan().connections()));
    page.append("```\n").append(outcome.command()).append("\n```\n\n");
    outcome.facts().forEach((name, fact) -> page.append("- %s: %s%n".formatted(name, fact)));
    page.append('\n').append(setting()).append('\n');
    doubts(page);
    connections(page);
    page.append("\n## Waking\n\n");
    times(page);
    page.append("\n![waiting](waiting.svg)\n");
    if (!outcome.users().isEmpty()) {
      page.append("\n![users](users.svg)\n");
    }
    memory(page);
    processors(page);
    processes(page);
    return page.toString();
  }

  private String setting() {
    int servers = outcome.plan().servers();
    String whole =
        servers == 1
            ? "One server process held them all"
            : ("%d independent server processes, each with its own port, data folder and share of"
                    + " the rooms, and as many holders: a process may have %,d descriptors here"
                    + " (`ulimit -Hn`). It is not one server with all connections")
                .formatted(servers, outcome.limit());
    String users =
        outcome.options().users() == 0
            ? ""
            : outcome.gatling()
                ? (" On top of them %,d Gatling users edit shared documents, each every %s s; a"
                        + " change counts as answered once the room has handed it back, durable.")
                    .formatted(outcome.options().users(), seconds(outcome.options().period()))
                : (" On top of them %,d connections of another holder speak every %s s: Gatling was"
                        + " not built (see loadtest/README.md).")
                    .formatted(outcome.options().users(), seconds(outcome.options().period()));
    return "%s. %d connections share a room. The sleepers are held by our own holder, and %s %% of them woken each minute.%s Everything runs on this one machine, over loopback.%n"
        .formatted(whole, outcome.options().perRoom(), number(outcome.options().wake()), users);
  }

  private void doubts(StringBuilder page) {
    if (!outcome.doubts().isEmpty()) {
      page.append("\nWhat has to be known:\n\n");
      outcome.doubts().forEach(doubt -> page.append("- ").append(doubt).append('\n'));
    }
  }

  private void connections(StringBuilder page) {
    Moment end = outcome.at(Outcome.Phase.END);
    Tick held = outcome.sleepers().getLast();
    Tick used = outcome.users().isEmpty() ? null : outcome.users().getLast();
    page.append("\n## Connections\n\n| | |\n|---|---|\n");
    row(page, "sleepers wanted", count(outcome.plan().connections()));
    row(page, "held in the end, by the holders", count(held.open()));
    row(page, "open in the end, by the servers' own count", optional(end.ofServers(Scrape::open)));
    row(page, "of them parked, by the servers' own count", optional(end.ofServers(Scrape::parked)));
    row(page, "packed to some numbers, likewise", optional(end.ofServers(Scrape::packed)));
    row(page, "rooms awake in the end", optional(end.ofServers(Scrape::roomsAwake)));
    row(page, "wakes of rooms, by the servers' own count", optional(woken()));
    double opening = between(Outcome.Phase.OPENING, Outcome.Phase.ASLEEP);
    row(
        page,
        "time to open them",
        "%s s (%s a second)".formatted(number(opening), count(held.open() / opening)));
    row(page, "refused", count(held.refused()));
    row(page, "closed by a server", count(held.closed()));
    row(page, "wakes answered late or never", count(held.late()));
    row(page, "wrong answers", count(held.wrong()));
    if (used != null) {
      row(
          page,
          "users refused, failed, answered wrongly",
          "%s, %s, %s".formatted(count(used.refused()), count(used.late()), count(used.wrong())));
    }
    page.append("\n![connections](connections.svg)\n");
  }

  private OptionalDouble woken() {
    OptionalDouble before = outcome.at(Outcome.Phase.WAKING).ofServers(Scrape::woken);
    OptionalDouble after = outcome.at(Outcome.Phase.END).ofServers(Scrape::woken);
    return before.isPresent() && after.isPresent()
        ? OptionalDouble.of(after.getAsDouble() - before.getAsDouble())
        : OptionalDouble.empty();
  }

  private void times(StringBuilder page) {
    page.append("| ms | asked | answered | p50 | p90 | p99 | p99.9 | longest |\n");
    page.append("|---|---|---|---|---|---|---|---|\n");
    times(page, "wake, from the plan", outcome.sleepers(), Outcome.waits(outcome.sleepers()));
    times(page, "of it the holders' own lag", outcome.sleepers(), Outcome.lags(outcome.sleepers()));
    if (!outcome.users().isEmpty()) {
      times(page, "user's action, from the plan", outcome.users(), Outcome.waits(outcome.users()));
      times(page, "of it the users' own lag", outcome.users(), Outcome.lags(outcome.users()));
    }
    page.append(
        "\nAll times of all processes are in one histogram; nothing was averaged. They begin when"
            + " an action was planned, not when a busy client came to it.\n");
  }

  private static void times(StringBuilder page, String name, List<Tick> ticks, Times times) {
    Tick last = ticks.getLast();
    page.append(
        "| %s | %s | %s | %s | %s | %s | %s | %s |%n"
            .formatted(
                name,
                count(last.sent()),
                count(last.answered()),
                millis(times.percentile(50)),
                millis(times.percentile(90)),
                millis(times.percentile(99)),
                millis(times.percentile(99.9)),
                millis(times.max())));
  }

  private void memory(StringBuilder page) {
    Moment start = outcome.at(Outcome.Phase.START);
    Moment asleep = outcome.at(Outcome.Phase.USERS);
    Moment end = outcome.at(Outcome.Phase.END);
    int all = outcome.plan().connections();
    int first = outcome.plan().shares().getFirst().connections();
    page.append(
        """

        ## Memory

        | MiB | nobody connected | all asleep | in the end | growth for each sleeping connection, bytes |
        |---|---|---|---|---|
        """);
    long[] servers = {
      Moment.resident(start.servers()),
      Moment.resident(asleep.servers()),
      Moment.resident(end.servers())
    };
    memory(page, "servers, resident", servers, all);
    outcome
        .before()
        .heap()
        .ifPresent(before ->
            outcome
                .asleep()
                .heap()
                .ifPresent(after ->
                    page.append(
                        "| first server, live heap after full collections | %s | %s | | %s |%n"
                            .formatted(
                                mib(before.total()),
                                mib(after.total()),
                                count((after.total() - before.total()) / first)))));
    long[] clients = {
      Moment.resident(start.clients()),
      Moment.resident(asleep.clients()),
      Moment.resident(end.clients())
    };
    memory(page, "clients, resident", clients, all);
    long[] slab = {start.kernel().slab(), asleep.kernel().slab(), end.kernel().slab()};
    memory(page, "kernel's slab, of the whole machine, both ends", slab, all);
    long[] fixed = {
      start.kernel().unreclaimable(), asleep.kernel().unreclaimable(), end.kernel().unreclaimable()
    };
    memory(page, "the part it cannot give back", fixed, all);
    long[] available = {
      start.kernel().available(), asleep.kernel().available(), end.kernel().available()
    };
    memory(page, "still available to programs", available, 0);
    page.append(
        "%nSockets in use on the machine: %s before, %s in the end; %s pages of socket buffers. Each server may take %d MiB of heap.%n"
            .formatted(
                count(start.kernel().sockets()),
                count(end.kernel().sockets()),
                count(end.kernel().tcpPages()),
                outcome.heap()));
    page.append("\n![memory](memory.svg)\n");
  }

  private static void memory(StringBuilder page, String name, long[] bytes, int connections) {
    page.append(
        "| %s | %s | %s | %s | %s |%n"
            .formatted(
                name,
                mib(bytes[0]),
                mib(bytes[1]),
                mib(bytes[2]),
                connections == 0 ? "" : count((bytes[1] - bytes[0]) / connections)));
  }

  private void processors(StringBuilder page) {
    page.append(
        "\n## Processors\n\n| cores in use | servers | clients | others on the machine, and the kernel for all |\n|---|---|---|---|\n");
    cores(page, "while connections open", Outcome.Phase.OPENING, Outcome.Phase.ASLEEP);
    cores(page, "while all sleep", Outcome.Phase.ASLEEP, Outcome.Phase.USERS);
    cores(page, "while sleepers are woken", Outcome.Phase.WAKING, Outcome.Phase.END);
    page.append("\n![processors](processors.svg)\n");
  }

  private void cores(StringBuilder page, String name, Outcome.Phase from, Outcome.Phase to) {
    double seconds = between(from, to);
    Moment before = outcome.at(from);
    Moment after = outcome.at(to);
    double servers = (Moment.cpu(after.servers()) - Moment.cpu(before.servers())) / seconds;
    double clients = (Moment.cpu(after.clients()) - Moment.cpu(before.clients())) / seconds;
    double all = (after.kernel().cpu() - before.kernel().cpu()) / seconds;
    page.append(
        String.format(
            Locale.ROOT,
            "| %s | %.2f | %.2f | %.2f |%n",
            name,
            servers,
            clients,
            Math.max(0, all - servers - clients)));
  }

  private double between(Outcome.Phase from, Outcome.Phase to) {
    return (double) Math.max(1, outcome.at(to).second() - outcome.at(from).second());
  }

  private void processes(StringBuilder page) {
    Moment end = outcome.at(Outcome.Phase.END);
    page.append(
        """

        ## Every process, in the end

        | | connections | resident, MiB | heap used, MiB | CPU since its start, s |
        |---|---|---|---|---|
        """);
    end.servers()
        .forEach((name, seen) -> {
          OptionalDouble open = first(seen, true);
          OptionalDouble heap = first(seen, false);
          process(page, name, optional(open), seen, heap);
        });
    Map<String, Tick> lines = outcome.inTheEnd();
    end.clients()
        .forEach((name, seen) -> {
          Tick line = lines.get(name);
          process(
              page,
              name,
              line == null ? "–" : count(line.open()),
              seen,
              line == null ? OptionalDouble.empty() : OptionalDouble.of((double) line.heap()));
        });
  }

  private static OptionalDouble first(Moment.Seen seen, boolean open) {
    return seen.scrape().isEmpty()
        ? OptionalDouble.empty()
        : open ? seen.scrape().getFirst().open() : seen.scrape().getFirst().heap();
  }

  private static void process(
      StringBuilder page, String name, String open, Moment.Seen seen, OptionalDouble heap) {
    page.append(
        "| %s | %s | %s | %s | %s |%n"
            .formatted(
                name,
                open,
                mib(seen.resident()),
                heap.isPresent() ? mib((long) heap.getAsDouble()) : "–",
                number(seen.cpu())));
  }

  private static void row(StringBuilder page, String name, String value) {
    page.append("| ").append(name).append(" | ").append(value).append(" |\n");
  }

  private static String optional(OptionalDouble value) {
    return value.isPresent() ? count(value.getAsDouble()) : "not counted by this server";
  }

  private static String count(double value) {
    return count(Math.round(value));
  }

  private static String count(long value) {
    return String.format(Locale.ROOT, "%,d", value);
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%.1f", value);
  }

  private static String millis(long micros) {
    return String.format(Locale.ROOT, "%.2f", micros / 1e3);
  }

  private static String mib(long bytes) {
    return String.format(Locale.ROOT, "%,.0f", bytes / MIB);
  }

  private static String seconds(Duration time) {
    return number(time.toMillis() / 1e3);
  }
}
