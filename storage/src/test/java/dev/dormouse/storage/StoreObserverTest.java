package dev.dormouse.storage;

import static dev.dormouse.storage.Sets.await;
import static dev.dormouse.storage.Sets.failure;
import static dev.dormouse.storage.Sets.put;
import static dev.dormouse.storage.Sets.room;
import static org.assertj.core.api.Assertions.assertThat;

import dev.dormouse.room.RoomException.Outcome;
import dev.dormouse.room.RoomId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What the store tells of its batches.
class StoreObserverTest {
  @TempDir Path folder;
  private final Probes execution = new Probes();
  private final BlockingQueue<Told> told = new LinkedBlockingQueue<>();
  private SqliteRoomStore store;
  private SqliteConnectionRecords records;

  private sealed interface Told {
    record Committed(int sets, long bytes, long writeNanos, long syncNanos) implements Told {}

    record Failed(Outcome outcome) implements Told {}

    record Scratched(int calls, long nanos) implements Told {}

    record ScratchFailed() implements Told {}
  }

  @BeforeEach
  void open() throws Exception {
    StoreObserver observer =
        new StoreObserver() {
          @Override
          public void committed(int sets, long bytes, long writeNanos, long syncNanos) {
            told.add(new Told.Committed(sets, bytes, writeNanos, syncNanos));
          }

          @Override
          public void failed(Outcome outcome) {
            told.add(new Told.Failed(outcome));
          }

          @Override
          public void scratched(int calls, long nanos) {
            told.add(new Told.Scratched(calls, nanos));
          }

          @Override
          public void scratchFailed() {
            told.add(new Told.ScratchFailed());
          }
        };
    store = SqliteRoomStore.open(folder, StoreSettings.defaults(), execution, observer);
    records = SqliteConnectionRecords.open(folder, execution, observer);
  }

  @AfterEach
  void close() {
    execution.heal();
    records.close();
    store.close();
  }

  private Told next() throws InterruptedException {
    Told next = told.poll(30, TimeUnit.SECONDS);
    if (next == null) {
      throw new AssertionError("nothing was told for 30 s");
    }
    return next;
  }

  private static UncheckedIOException diskFault() {
    return new UncheckedIOException(new IOException("the disk failed"));
  }

  private CompletableFuture<?> commit(RoomId room, long sequence) {
    return store.commit(put(store, room, sequence, "key", new byte[1_000]));
  }

  @Test
  void a_batch_is_told_once_with_all_its_sets_their_bytes_and_both_times() throws Exception {
    Semaphore held = execution.holdAt(StoreFailpoints.BEFORE_BEGIN);
    var _ = commit(room(1), 1);
    execution.awaitHeld();
    var _ = commit(room(2), 1);
    var _ = commit(room(3), 1);
    CompletableFuture<?> last = commit(room(4), 1);
    held.release();
    await(last);

    assertThat(next())
        .isInstanceOfSatisfying(
            Told.Committed.class,
            first -> {
              assertThat(first.sets()).isEqualTo(1);
              assertThat(first.bytes()).isBetween(1_000L, 1_200L);
            });
    assertThat(next())
        .isInstanceOfSatisfying(
            Told.Committed.class,
            together -> {
              assertThat(together.sets()).isEqualTo(3);
              assertThat(together.bytes()).isBetween(3_000L, 3_600L);
              assertThat(together.writeNanos()).isPositive();
              assertThat(together.syncNanos()).isPositive();
            });
    assertThat(told).isEmpty();
  }

  @Test
  void O2_a_batch_that_fails_before_its_commit_is_told_as_not_applied() throws Exception {
    execution.failOnceAt(StoreFailpoints.BEFORE_COMMIT, diskFault());

    failure(store.commit(put(store, room(1), 1, "a", "1")));

    assertThat(next()).isEqualTo(new Told.Failed(Outcome.NOT_APPLIED));
    assertThat(told).isEmpty();
  }

  @Test
  void O2_a_batch_whose_commit_may_have_survived_is_told_as_unknown() throws Exception {
    execution.failOnceAt(StoreFailpoints.AFTER_COMMIT, diskFault());

    failure(store.commit(put(store, room(1), 1, "a", "1")));

    assertThat(next()).isEqualTo(new Told.Failed(Outcome.UNKNOWN));
    assertThat(told).isEmpty();
  }

  @Test
  void sets_that_are_refused_untried_are_no_failed_batch() throws Exception {
    await(store.limitPages(1));
    for (int sequence = 1; sequence <= 3; sequence++) {
      failure(store.commit(put(store, room(1), sequence, "a", new byte[100_000])));
    }

    assertThat(next()).isEqualTo(new Told.Failed(Outcome.NOT_APPLIED));
    assertThat(told).isEmpty();
  }

  @Test
  void the_scratch_file_tells_its_transactions() throws Exception {
    await(records.slept(room(1)));

    assertThat(next())
        .isInstanceOfSatisfying(
            Told.Scratched.class,
            one -> {
              assertThat(one.calls()).isEqualTo(1);
              assertThat(one.nanos()).isPositive();
            });
  }

  @Test
  void the_scratch_file_tells_its_failures() throws Exception {
    execution.failOnceAt(ScratchFailpoints.COMMIT, diskFault());

    assertThat(records.slept(room(1))).failsWithin(Duration.ofSeconds(30));

    assertThat(next()).isEqualTo(new Told.ScratchFailed());
  }
}
