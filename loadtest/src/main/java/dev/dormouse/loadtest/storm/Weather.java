package dev.dormouse.loadtest.storm;

import dev.dormouse.loadtest.figures.Times;
import java.util.EnumMap;
import java.util.Map;

/// Which fault there is now, and what clients saw under each. Safe for any thread.
final class Weather {
  /// What clients saw under one fault. Guarded by the weather.
  static final class Seen {
    final Times waits = new Times();
    long answered;
    long refused;
    long lost;
  }

  private final Map<Fault, Seen> seen = new EnumMap<>(Fault.class);
  private Fault now = Fault.CALM;

  synchronized void turnsTo(Fault fault) {
    now = fault;
  }

  synchronized Fault now() {
    return now;
  }

  /// @param nanos from before the request until the answer
  synchronized void answered(Fault began, long nanos) {
    Seen here = seen(began);
    here.answered++;
    here.waits.add(nanos / 1_000);
  }

  synchronized void refused(Fault began) {
    seen(began).refused++;
  }

  synchronized void lost(Fault began) {
    seen(began).lost++;
  }

  /// To be read when nobody writes any more.
  synchronized Map<Fault, Seen> seen() {
    return Map.copyOf(seen);
  }

  private Seen seen(Fault fault) {
    return seen.computeIfAbsent(fault, _ -> new Seen());
  }
}
