package dev.dormouse.server;

import java.time.Duration;

/// How long connections are idle before they are parked, in suites that have to pass whether they
/// are or not: `-Ddormouse.park=<milliseconds>` makes it happen all the time.
final class Parking {
  static final Duration TIME = Duration.ofMillis(Integer.getInteger("dormouse.park", 3_000));

  private Parking() {}
}
