package dev.dormouse.loadtest.storm;

/// One fault at its time.
///
/// @param number from 1
/// @param seconds how long it lasts
/// @param size by how much: seconds that the clock jumps, milliseconds that a sync waits; else 0
record Strike(int number, Fault fault, int seconds, long size) {
  @Override
  public String toString() {
    String how =
        switch (fault) {
          case CLOCK, KILL_CLOCK -> " by %+d s".formatted(size);
          case SLOW, KILL_SLOW -> " by %d ms".formatted(size);
          case CALM, KILL, STOP, FULL, KILL_STOPPED, KILL_FULL, BACKUP -> "";
        };
    return "%d %s%s for %d s".formatted(number, fault, how, seconds);
  }
}
