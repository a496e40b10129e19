package dev.dormouse.server.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/// How punctual alarms are, and which failed for good.
final class AlarmMetrics {
  private static final Duration[] LATENESS =
      Meters.micros(
          1_000,
          5_000,
          10_000,
          50_000,
          100_000,
          500_000,
          1_000_000,
          10_000_000,
          60_000_000,
          600_000_000,
          3_600_000_000L);

  private final Timer lateness;
  private final Counter parked;

  AlarmMetrics(Meters meters) {
    lateness =
        meters.timer(
            "alarm.lateness",
            "How long after it was due an alarm reached its handler; a retry is due at its own time",
            LATENESS);
    parked = meters.counter("alarms.parked", "Alarms that failed for good and stay parked");
  }

  /// @param millis may be below zero after the system's clock was set back
  void fired(long millis) {
    lateness.record(Math.max(0, millis), TimeUnit.MILLISECONDS);
  }

  void parked() {
    parked.increment();
  }
}
