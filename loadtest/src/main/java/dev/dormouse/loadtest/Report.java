package dev.dormouse.loadtest;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;

/// The table that people read: budget, ours, the peer's, and how they compare, with everything that
/// makes a figure doubtful written beneath it.
///
/// @param command the line that was run
/// @param facts about the machine
/// @param ours our column
/// @param peer the peer's column; empty without one
record Report(
    String command,
    Map<String, String> facts,
    String ours,
    Optional<String> peer,
    Results results) {
  /// Above this share of a core the client may be what limits the rate.
  private static final double CLIENT_IS_BUSY = 0.9;

  String markdown() {
    StringBuilder text = new StringBuilder();
    text.append("Command: `").append(command).append("`\n\n");
    facts.forEach(
        (name, fact) -> text.append("- ").append(name).append(": ").append(fact).append('\n'));
    text.append("\n| case | measure | budget | ").append(ours);
    peer.ifPresent(name -> text.append(" | ").append(name).append(" | times better"));
    text.append(" |\n|---|---|---|---");
    peer.ifPresent(_ -> text.append("|---|---"));
    text.append("|\n");
    for (Case one : results.cases()) {
      for (Measure measure : one.measures()) {
        row(text, one, measure);
      }
    }
    List<String> doubts = doubts();
    text.append('\n');
    if (doubts.isEmpty() && loadIsKnown()) {
      text.append(
          "Nothing disturbed these figures: others used less than 0.3 cores in each run.\n");
    }
    doubts.forEach(doubt -> text.append("- ").append(doubt).append('\n'));
    remarks().forEach(remark -> text.append("- ").append(remark).append('\n'));
    return text.toString();
  }

  private void row(StringBuilder text, Case one, Measure measure) {
    Optional<Results.Spread> our = results.spread(one, ours, measure);
    text.append("| ").append(one.title()).append(" | ").append(measure.title()).append(" | ");
    text.append(Budget.of(one, measure).map(budget -> budget(measure, budget)).orElse("–"));
    text.append(" | ").append(our.map(spread -> cell(measure, spread)).orElse("–"));
    text.append(verdict(one, measure, our));
    if (peer.isPresent()) {
      Optional<Results.Spread> peers = results.spread(one, peer.get(), measure);
      text.append(" | ").append(peers.map(spread -> cell(measure, spread)).orElse("–"));
      text.append(" | ")
          .append(
              our.isPresent() && peers.isPresent() ? times(measure, our.get(), peers.get()) : "–");
    }
    text.append(" |\n");
  }

  private static String budget(Measure measure, double budget) {
    return (measure.moreIsBetter() ? "≥ " : "≤ ") + measure.text(budget);
  }

  private static String cell(Measure measure, Results.Spread spread) {
    String median = measure.text(spread.median());
    return spread.runs() == 1
        ? median
        : "%s (%s–%s)"
            .formatted(median, measure.text(spread.lowest()), measure.text(spread.highest()));
  }

  private static String verdict(Case one, Measure measure, Optional<Results.Spread> our) {
    if (Budget.of(one, measure).isEmpty() || our.isEmpty()) {
      return "";
    }
    return measure.keeps(our.get().median(), Budget.of(one, measure).get()) ? " ✓" : " **missed**";
  }

  private static String times(Measure measure, Results.Spread our, Results.Spread peers) {
    OptionalDouble better = measure.timesBetter(our.median(), peers.median());
    if (better.isEmpty()) {
      return "–";
    }
    double times = better.getAsDouble();
    return String.format(Locale.ROOT, times < 0.95 ? "%.2f" : "%.1f", times);
  }

  /// What has to be said about the figures, a line for each case, server, and doubt.
  private List<String> doubts() {
    List<String> doubts = new ArrayList<>();
    for (Case one : results.cases()) {
      for (String name : names()) {
        String which = one.title() + ", " + name;
        List<Sample> samples = results.of(one, name);
        double[] client = samples.stream().mapToDouble(Sample::clientCores).toArray();
        double[] others =
            samples.stream().flatMapToDouble(sample -> sample.otherCores().stream()).toArray();
        doubt(client, CLIENT_IS_BUSY)
            .map(said -> which + ": the rate may be the client's limit, whose thread used " + said)
            .ifPresent(doubts::add);
        doubt(others, Calm.OTHERS_MAY_USE)
            .map(said -> which + ": disturbed by others, who used " + said)
            .ifPresent(doubts::add);
      }
    }
    return doubts;
  }

  /// False where no run had a look at what others used.
  private boolean loadIsKnown() {
    return results.cases().stream()
        .flatMap(one -> results.of(one, ours).stream())
        .anyMatch(sample -> sample.otherCores().isPresent());
  }

  /// What the samples say themselves, each remark once.
  private List<String> remarks() {
    Set<String> remarks = new LinkedHashSet<>();
    for (Case one : results.cases()) {
      for (String name : names()) {
        for (Sample sample : results.of(one, name)) {
          sample.remarks().forEach(said -> remarks.add(one.title() + ", " + name + ": " + said));
        }
      }
    }
    return List.copyOf(remarks);
  }

  private List<String> names() {
    List<String> names = new ArrayList<>(List.of(ours));
    peer.ifPresent(names::add);
    return names;
  }

  /// How far and how often `cores` were above `limit`; empty if never.
  private static Optional<String> doubt(double[] cores, double limit) {
    double most = Arrays.stream(cores).max().orElse(0);
    long often = Arrays.stream(cores).filter(used -> used > limit).count();
    return often == 0
        ? Optional.empty()
        : Optional.of(
            String.format(
                Locale.ROOT, "up to %.2f cores (%d of %d runs)", most, often, cores.length));
  }
}
