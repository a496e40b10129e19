package dev.dormouse.server.metrics;

import dev.dormouse.room.RoomException.Outcome;
import dev.dormouse.room.spi.RoomStore;
import dev.dormouse.storage.StoreObserver;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/// What group commit does: how much shares a sync, and what a sync takes.
final class StoreMetrics implements StoreObserver {
  private static final Duration[] TIMES =
      Meters.micros(
          100, 200, 500, 1_000, 2_000, 5_000, 10_000, 20_000, 50_000, 100_000, 200_000, 500_000,
          1_000_000, 5_000_000);

  private final DistributionSummary sets;
  private final LongAdder bytes = new LongAdder();
  private final Timer writes;
  private final Timer syncs;
  private final Each<Outcome, Counter> failed;
  private final Timer scratch;
  private final LongAdder scratchCalls = new LongAdder();
  private final LongAdder scratchFailed = new LongAdder();

  StoreMetrics(Meters meters) {
    sets =
        meters.sizes(
            "store.batch.sets",
            "Write sets that shared a transaction and its sync",
            1,
            2,
            4,
            8,
            16,
            32,
            64,
            128,
            256,
            512,
            1_024,
            2_048,
            4_096);
    meters.counted("store.written.bytes", "Keys and values in durable write sets", bytes);
    writes = meters.timer("store.write", "Transactions from their beginning to the commit", TIMES);
    syncs = meters.timer("store.sync", "Commits, which return after their sync", TIMES);
    failed =
        meters.counters(
            "store.batches.failed",
            "Transactions that failed, by what is known of their write sets",
            "outcome",
            Outcome.class);
    scratch =
        meters.timer("scratch.write", "Transactions of the scratch file, without a sync", TIMES);
    meters.counted(
        "scratch.calls", "Calls of the scratch file: records kept, read and deleted", scratchCalls);
    meters.counted("scratch.failed", "Transactions of the scratch file that failed", scratchFailed);
  }

  void watch(Meters meters, RoomStore store) {
    meters.gauge(
        "store.writable",
        "1 if write sets are taken, by shard files and by the files of rooms with SQL, else 0",
        () -> store.trouble().isEmpty() ? 1 : 0);
  }

  @Override
  public void committed(int count, long size, long writeNanos, long syncNanos) {
    sets.record(count);
    bytes.add(size);
    writes.record(writeNanos, TimeUnit.NANOSECONDS);
    syncs.record(syncNanos, TimeUnit.NANOSECONDS);
  }

  @Override
  public void failed(Outcome outcome) {
    failed.of(outcome).increment();
  }

  @Override
  public void scratched(int calls, long nanos) {
    scratchCalls.add(calls);
    scratch.record(nanos, TimeUnit.NANOSECONDS);
  }

  @Override
  public void scratchFailed() {
    scratchFailed.increment();
  }
}
