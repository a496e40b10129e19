package dev.dormouse.server.metrics;

import dev.dormouse.storage.sql.SqlObserver;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;

/// The files of rooms with SQL: how many are open and what opening costs, what statements read and
/// write, how much shares a sync.
final class SqlMetrics implements SqlObserver {
  private static final Duration[] TIMES =
      Meters.micros(
          100, 200, 500, 1_000, 2_000, 5_000, 10_000, 20_000, 50_000, 100_000, 200_000, 500_000,
          1_000_000, 5_000_000);

  private final Timer opens;
  private final LongAdder read = new LongAdder();
  private final LongAdder written = new LongAdder();
  private final Timer syncs;
  private final DistributionSummary sets;

  SqlMetrics(Meters meters) {
    opens = meters.timer("sql.open", "Opening a file of a room with SQL", TIMES);
    meters.counted("sql.rows.read", "Rows that came of statements of rooms", read);
    meters.counted(
        "sql.rows.written",
        "Rows that statements of rooms inserted, changed or deleted, those of triggers included",
        written);
    syncs = meters.timer("sql.sync", "Syncs of the log of a room with SQL", TIMES);
    sets =
        meters.sizes(
            "sql.sync.sets",
            "Write sets of a room with SQL that shared a sync",
            1,
            2,
            4,
            8,
            16,
            32,
            64,
            128,
            256);
  }

  /// @param open how many files are open
  /// @param waiting how many rooms wait until they may open theirs
  void watch(Meters meters, Supplier<Number> open, Supplier<Number> waiting) {
    meters.gauge("sql.files.open", "Files of rooms with SQL that are open", open);
    meters.gauge(
        "sql.files.wanted", "Rooms with SQL that wait until one of these is closed", waiting);
  }

  @Override
  public void opened(long nanos) {
    opens.record(nanos, TimeUnit.NANOSECONDS);
  }

  @Override
  public void rows(long came, long changed) {
    read.add(came);
    written.add(changed);
  }

  @Override
  public void synced(int count, long nanos) {
    sets.record(count);
    syncs.record(nanos, TimeUnit.NANOSECONDS);
  }
}
