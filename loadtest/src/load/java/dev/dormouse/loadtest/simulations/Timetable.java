package dev.dormouse.loadtest.simulations;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/// When one user acts: at fixed times, whether or not the last answer was in time, so that a slow
/// server is not asked less. Belongs to one user.
final class Timetable {
  private final long period;
  private long planned;

  /// Begins at a random moment of the first period.
  Timetable(Duration period) {
    this.period = Math.max(1, period.toNanos() / 1_000);
    this.planned = Gauge.now() + ThreadLocalRandom.current().nextLong(this.period) - this.period;
  }

  /// Goes on to the next time.
  Duration untilNext() {
    planned += period;
    return Gauge.until(planned);
  }

  /// Lets the next time be so much later than now; for users who were away.
  Duration in(Duration pause) {
    planned = Gauge.now() + pause.toNanos() / 1_000;
    return pause;
  }

  /// The present time, in microseconds since 1970.
  long planned() {
    return planned;
  }
}
