package dev.dormouse.loadtest;

/// Counts operations and their times while it is open; what comes during the warm-up and after the
/// end is not counted. Belongs to the client's thread.
final class Tally {
  private final Latencies latencies = new Latencies();
  private boolean open;
  private long count;

  void open() {
    open = true;
  }

  void shut() {
    open = false;
  }

  /// One operation that took `nanos`.
  void add(long nanos) {
    count();
    time(nanos);
  }

  /// One operation whose time is told apart.
  void count() {
    if (open) {
      count++;
    }
  }

  void time(long nanos) {
    if (open) {
      latencies.add(nanos);
    }
  }

  long total() {
    return count;
  }

  Latencies latencies() {
    return latencies;
  }
}
