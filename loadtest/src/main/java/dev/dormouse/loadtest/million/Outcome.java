package dev.dormouse.loadtest.million;

import dev.dormouse.loadtest.Footprint;
import dev.dormouse.loadtest.figures.Tick;
import dev.dormouse.loadtest.figures.Times;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Everything that one run has brought to light, for the report.
///
/// @param command the line that was run
/// @param facts about the machine
/// @param limit descriptors of a process
/// @param heap MiB that a server may take
/// @param gatling whether the users were Gatling's
/// @param before the first server with nobody connected
/// @param asleep the first server with its share of sleepers
/// @param phases what began, by its name, in order, with what was seen then
/// @param moments all looks
/// @param sleepers all holders together, second by second
/// @param users likewise
/// @param inTheEnd the holders' last lines, one by one
/// @param doubts what has to be said about the figures
record Outcome(
    String command,
    Map<String, String> facts,
    long limit,
    int heap,
    boolean gatling,
    MillionOptions options,
    Plan plan,
    Footprint before,
    Footprint asleep,
    Map<Phase, Moment> phases,
    List<Moment> moments,
    List<Tick> sleepers,
    List<Tick> users,
    Map<String, Tick> inTheEnd,
    List<String> doubts) {

  /// The parts of a run, in order.
  enum Phase {
    START("servers are up"),
    OPENING("connections open"),
    ASLEEP("all are open"),
    USERS("users come"),
    WAKING("sleepers are woken"),
    END("end");

    private final String title;

    Phase(String title) {
      this.title = title;
    }

    String title() {
      return title;
    }
  }

  Outcome {
    facts = Collections.unmodifiableMap(new LinkedHashMap<>(facts));
    phases = Collections.unmodifiableMap(new EnumMap<>(phases));
    moments = List.copyOf(moments);
    sleepers = List.copyOf(sleepers);
    users = List.copyOf(users);
    doubts = List.copyOf(doubts);
  }

  Moment at(Phase phase) {
    Moment moment = phases.get(phase);
    if (moment == null) {
      throw new IllegalStateException("the run has not come to: " + phase.title());
    }
    return moment;
  }

  /// All times of a series.
  static Times waits(List<Tick> ticks) {
    Times all = new Times();
    ticks.forEach(tick -> all.add(tick.waits()));
    return all;
  }

  static Times lags(List<Tick> ticks) {
    Times all = new Times();
    ticks.forEach(tick -> all.add(tick.lags()));
    return all;
  }

  /// What was lost by sleepers and users.
  long lost() {
    long sleeping = sleepers.isEmpty() ? 0 : sleepers.getLast().lost();
    return sleeping + (users.isEmpty() ? 0 : users.getLast().lost());
  }
}
