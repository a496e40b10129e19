package dev.dormouse.loadtest.figures;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/// The time series of several processes, put together second by second. Safe for any thread.
public final class Series {
  /// By process, in the order they came. Guarded by this.
  private final Map<String, NavigableMap<Long, Tick>> ticks = new LinkedHashMap<>();

  public synchronized void add(String process, Tick tick) {
    ticks.computeIfAbsent(process, _ -> new TreeMap<>()).put(tick.second(), tick);
  }

  /// The newest line of each process, added up; empty before the first. Without times.
  public synchronized Optional<Tick> now() {
    List<Tick> last = new ArrayList<>();
    ticks.values().forEach(one -> last.add(one.lastEntry().getValue()));
    return last.isEmpty() ? Optional.empty() : Optional.of(sum(last.getFirst().second(), last, -1));
  }

  /// The newest line of each process.
  public synchronized Map<String, Tick> byProcess() {
    Map<String, Tick> last = new LinkedHashMap<>();
    ticks.forEach((process, one) -> last.put(process, one.lastEntry().getValue()));
    return last;
  }

  /// A line for each second that any process has one for. A process that says nothing in a second
  /// stands as it stood before.
  public synchronized List<Tick> merged() {
    NavigableMap<Long, Boolean> seconds = new TreeMap<>();
    ticks.values().forEach(one -> one.keySet().forEach(second -> seconds.put(second, true)));
    Map<String, Tick> standing = new HashMap<>();
    List<Tick> merged = new ArrayList<>();
    for (long second : seconds.keySet()) {
      ticks.forEach((process, one) -> {
        Tick tick = one.get(second);
        if (tick != null) {
          standing.put(process, tick);
        }
      });
      merged.add(sum(second, standing.values(), second));
    }
    return merged;
  }

  /// @param timesOf the second whose times are added
  private static Tick sum(long second, Iterable<Tick> ticks, long timesOf) {
    long[] sums = new long[9];
    Times waits = new Times();
    Times lags = new Times();
    for (Tick tick : ticks) {
      long[] counts = {
        tick.open(),
        tick.opening(),
        tick.refused(),
        tick.closed(),
        tick.sent(),
        tick.answered(),
        tick.late(),
        tick.wrong(),
        tick.heap()
      };
      for (int i = 0; i < sums.length; i++) {
        sums[i] += counts[i];
      }
      if (tick.second() == timesOf) {
        waits.add(tick.waits());
        lags.add(tick.lags());
      }
    }
    return new Tick(
        second,
        sums[0],
        sums[1],
        sums[2],
        sums[3],
        sums[4],
        sums[5],
        sums[6],
        sums[7],
        sums[8],
        waits.takeEncoded(),
        lags.takeEncoded());
  }
}
