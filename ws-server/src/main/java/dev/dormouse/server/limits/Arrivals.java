package dev.dormouse.server.limits;

import dev.dormouse.room.spi.Execution;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/// The clients that have not yet said what they want. Each has the same time for it, counted from
/// its coming, however it spends it: a byte now and then gains nothing.
///
/// For any thread; guests are called with no lock held.
final class Arrivals {
  private final Execution execution;
  private final Duration time;
  private final LongAdder late;

  /// Until when each has time, in nanoseconds; the next to go comes first. Guarded by this.
  private final Map<Guest, Long> until = new LinkedHashMap<>();

  /// Whether a look is due already. Guarded by this.
  private boolean watching;

  /// @param time zero for any
  /// @param late counts those who were cut off
  Arrivals(Execution execution, Duration time, LongAdder late) {
    this.execution = execution;
    this.time = time;
    this.late = late;
  }

  void add(Guest guest) {
    boolean first;
    synchronized (this) {
      until.put(guest, execution.nanoTime() + time.toNanos());
      first = !watching && !time.isZero();
      watching |= first;
    }
    if (first) {
      var _ = execution.schedule(time, this::look);
    }
  }

  /// @return whether it was still awaited
  synchronized boolean remove(Guest guest) {
    return until.remove(guest) != null;
  }

  private void look() {
    List<Guest> over = new ArrayList<>();
    long now = execution.nanoTime();
    long next = 0;
    synchronized (this) {
      var each = until.entrySet().iterator();
      while (next == 0 && each.hasNext()) {
        var entry = each.next();
        if (entry.getValue() - now <= 0) {
          over.add(entry.getKey());
          each.remove();
        } else {
          next = entry.getValue() - now;
        }
      }
      watching = next != 0;
    }
    late.add(over.size());
    over.forEach(Guest::late);
    if (next != 0) {
      // Those who come soon after are looked at with it.
      var _ = execution.schedule(Duration.ofNanos(next).plusMillis(50), this::look);
    }
  }
}
