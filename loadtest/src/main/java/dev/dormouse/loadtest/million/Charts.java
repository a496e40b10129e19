package dev.dormouse.loadtest.million;

import dev.dormouse.loadtest.figures.Chart;
import dev.dormouse.loadtest.figures.Tick;
import dev.dormouse.loadtest.figures.Times;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/// Draws a run over time.
record Charts(Outcome outcome) {
  private static final double MIB = 1 << 20;
  private static final int MOST_POINTS = 200;

  /// In seconds: of fewer times the longest would be all that the 99th percentile says.
  private static final int SHORTEST_WINDOW = 5;

  private static final double SHORTEST_LOOK = 4;

  /// Pictures by the names of their files.
  Map<String, Chart> all() {
    Map<String, Chart> charts = new LinkedHashMap<>();
    charts.put("connections.svg", connections());
    charts.put("waiting.svg", waiting("From the planned wake to its answer", outcome.sleepers()));
    if (!outcome.users().isEmpty()) {
      charts.put(
          "users.svg", waiting("From a user's planned action to its answer", outcome.users()));
    }
    charts.put("memory.svg", memory());
    charts.put("processors.svg", processors());
    return charts;
  }

  private double start() {
    return outcome.moments().getFirst().second();
  }

  private List<Chart.Mark> marks() {
    List<Chart.Mark> marks = new ArrayList<>();
    outcome
        .phases()
        .forEach((phase, moment) -> {
          if (phase != Outcome.Phase.START && phase != Outcome.Phase.END) {
            marks.add(new Chart.Mark(phase.title(), moment.second() - start()));
          }
        });
    return marks;
  }

  private Chart connections() {
    List<Chart.Line> lines = new ArrayList<>();
    lines.add(ticks("held, by the holders", outcome.sleepers(), Tick::open));
    lines.add(figure("open, by the servers", Scrape::open));
    lines.add(figure("parked", Scrape::parked));
    lines.add(figure("packed", Scrape::packed));
    lines.add(figure("rooms awake", Scrape::roomsAwake));
    lines.removeIf(line -> line.points().isEmpty());
    return new Chart("Connections", "connections, rooms", false, lines, marks());
  }

  /// Windows of some seconds, each with the percentiles of all times in it.
  private Chart waiting(String title, List<Tick> ticks) {
    int window = Math.max(SHORTEST_WINDOW, ticks.size() / MOST_POINTS);
    Map<String, List<Chart.Point>> lines = new LinkedHashMap<>();
    for (int i = 0; i < ticks.size(); i += window) {
      List<Tick> some = ticks.subList(i, Math.min(ticks.size(), i + window));
      Times waits = Outcome.waits(some);
      if (waits.count() > 0) {
        double x = some.getLast().second() - start();
        point(lines, "p50", x, waits.percentile(50));
        point(lines, "p99", x, waits.percentile(99));
        point(lines, "longest", x, waits.max());
        point(lines, "our own lag, longest", x, Outcome.lags(some).max());
      }
    }
    return new Chart(
        title + ", in each " + window + " seconds",
        "milliseconds",
        true,
        lines.entrySet().stream()
            .map(line -> new Chart.Line(line.getKey(), line.getValue()))
            .toList(),
        marks());
  }

  private static void point(
      Map<String, List<Chart.Point>> lines, String name, double x, long micros) {
    lines.computeIfAbsent(name, _ -> new ArrayList<>()).add(new Chart.Point(x, micros / 1e3));
  }

  private Chart memory() {
    double slab = outcome.moments().getFirst().kernel().slab();
    return new Chart(
        "Memory",
        "MiB",
        false,
        List.of(
            moments("servers, resident", one -> Moment.resident(one.servers()) / MIB),
            figure("servers, heap used", Scrape::heap, MIB),
            moments("clients, resident", one -> Moment.resident(one.clients()) / MIB),
            moments("kernel's slab, growth", one -> Math.max(0, one.kernel().slab() - slab) / MIB)),
        marks());
  }

  private Chart processors() {
    return new Chart(
        "Processors",
        "cores in use",
        false,
        List.of(
            cores("servers", one -> Moment.cpu(one.servers())),
            cores("clients", one -> Moment.cpu(one.clients())),
            cores("the whole machine", one -> one.kernel().cpu())),
        marks());
  }

  /// The clock's growth between two looks that are not too close to each other: their times are
  /// whole seconds.
  private Chart.Line cores(String name, ToDoubleFunction<Moment> clock) {
    List<Chart.Point> points = new ArrayList<>();
    Moment before = outcome.moments().getFirst();
    for (Moment after : outcome.moments()) {
      double seconds = after.second() - before.second();
      if (seconds >= SHORTEST_LOOK) {
        double used = clock.applyAsDouble(after) - clock.applyAsDouble(before);
        // Falls where a process has ended, whose clock is gone then.
        points.add(new Chart.Point(after.second() - start(), Math.max(0, used / seconds)));
        before = after;
      }
    }
    return new Chart.Line(name, points);
  }

  private Chart.Line ticks(String name, List<Tick> ticks, ToDoubleFunction<Tick> figure) {
    List<Chart.Point> points = new ArrayList<>();
    int step = Math.max(1, ticks.size() / MOST_POINTS);
    for (int i = 0; i < ticks.size(); i += step) {
      Tick tick = ticks.get(i);
      points.add(new Chart.Point(tick.second() - start(), figure.applyAsDouble(tick)));
    }
    return new Chart.Line(name, points);
  }

  private Chart.Line moments(String name, ToDoubleFunction<Moment> figure) {
    return new Chart.Line(
        name,
        outcome.moments().stream()
            .map(one -> new Chart.Point(one.second() - start(), figure.applyAsDouble(one)))
            .toList());
  }

  private Chart.Line figure(String name, Function<Scrape, OptionalDouble> figure) {
    return figure(name, figure, 1);
  }

  /// Looks at which a server was silent are left out.
  private Chart.Line figure(String name, Function<Scrape, OptionalDouble> figure, double unit) {
    List<Chart.Point> points = new ArrayList<>();
    for (Moment one : outcome.moments()) {
      OptionalDouble value = one.ofServers(figure);
      if (one.silent() == 0 && value.isPresent()) {
        points.add(new Chart.Point(one.second() - start(), value.getAsDouble() / unit));
      }
    }
    return new Chart.Line(name, points);
  }
}
