package dev.dormouse.storage;

import static dev.dormouse.storage.Sets.await;
import static dev.dormouse.storage.Sets.failure;
import static dev.dormouse.storage.Sets.keys;
import static dev.dormouse.storage.Sets.put;
import static dev.dormouse.storage.Sets.room;
import static org.assertj.core.api.Assertions.assertThat;

import dev.dormouse.room.RoomException.Outcome;
import dev.dormouse.room.RoomId;
import dev.dormouse.room.spi.CommitFailure;
import dev.dormouse.room.spi.CommitFailure.Reason;
import dev.dormouse.room.spi.Position;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What the store does when the disk is full or failing (O2).
class StoreTroubleTest {
  @TempDir Path folder;
  private final Probes execution = new Probes();
  private final RoomId room = room(1);
  private SqliteRoomStore store;

  @BeforeEach
  void open() throws Exception {
    store = SqliteRoomStore.open(folder, StoreSettings.defaults(), execution);
  }

  @AfterEach
  void close() {
    execution.heal();
    store.close();
  }

  private void commit(RoomId room, long sequence, String value) throws Exception {
    await(store.commit(put(store, room, sequence, "a", value)));
  }

  private CommitFailure fail(RoomId room, long sequence, String value) throws Exception {
    return failure(store.commit(put(store, room, sequence, "a", value)));
  }

  private static void assertNothingStored(CommitFailure failure, Reason reason) {
    assertThat(failure.reason()).isEqualTo(reason);
    assertThat(failure.outcome()).isEqualTo(Outcome.NOT_APPLIED);
    assertThat(failure).hasMessageContaining("chat:");
  }

  /// Lets the store's next probe run, and waits until it is over.
  private void probe() throws Exception {
    execution.letOneTimerRun();
    // Refused whatever the state of the file, and after the probe, since it was submitted later.
    failure(store.commit(put(store, room(99), 7, "a", "barrier")));
  }

  @Nested
  class When_the_disk_is_full {

    /// Writes until there is no space, for a probe either; says how many sets were acknowledged.
    private int fill(RoomId room) throws Exception {
      await(store.limitPages(200));
      byte[] value = new byte[20_000];
      for (int sequence = 1; sequence < 100; sequence++) {
        CompletableFuture<Position> future =
            store.commit(put(store, room, sequence, "key" + sequence, value));
        try {
          await(future);
        } catch (java.util.concurrent.ExecutionException e) {
          assertNothingStored(failure(future), Reason.FULL);
          return sequence - 1;
        }
      }
      throw new AssertionError("200 pages hold no 2 MB");
    }

    @Test
    void O2_commits_are_refused_until_a_probe_succeeds_and_nothing_acknowledged_is_lost()
        throws Exception {
      commit(room(2), 1, "kept");
      int acknowledged = fill(room);

      assertThat(acknowledged).isPositive();
      assertThat(store.trouble()).hasValueSatisfying(why -> assertThat(why).contains("rooms-0.db"));
      assertNothingStored(fail(room(2), 2, "small"), Reason.FULL);
      assertThat(keys(store, room(2))).isEqualTo(Map.of("a", "kept"));
      assertThat(await(store.load(room)).sequence()).isEqualTo(acknowledged);

      probe();
      assertThat(store.trouble()).as("a probe that fails changes nothing").isPresent();
      assertNothingStored(fail(room(2), 2, "small"), Reason.FULL);

      await(store.limitPages(100_000));
      probe();
      assertThat(store.trouble()).isEmpty();
      commit(room(2), 2, "again");
      commit(room, acknowledged + 1, "again");
      store.close();
      open();
      assertThat(keys(store, room(2))).isEqualTo(Map.of("a", "again"));
      assertThat(await(store.load(room)).sequence()).isEqualTo(acknowledged + 1);
    }

    @Test
    void O2_a_whole_chain_is_refused_and_a_later_one_does_not_slip_in_behind() throws Exception {
      await(store.limitPages(1));
      List<CompletableFuture<Position>> chain = new ArrayList<>();
      for (int sequence = 1; sequence <= 20; sequence++) {
        chain.add(store.commit(put(store, room, sequence, "key" + sequence, new byte[100_000])));
      }

      for (CompletableFuture<Position> future : chain) {
        assertThat(failure(future).outcome()).isEqualTo(Outcome.NOT_APPLIED);
      }
      assertThat(await(store.load(room)).sequence()).isZero();
    }
  }

  @Nested
  class When_writing_fails_before_the_commit {

    @Test
    void O2_nothing_is_applied_and_the_file_is_opened_anew_before_it_takes_more() throws Exception {
      commit(room, 1, "1");
      execution.failAt(
          StoreFailpoints.BEFORE_COMMIT, new UncheckedIOException(new IOException("EIO")));

      assertNothingStored(fail(room, 2, "2"), Reason.IO);
      assertThat(store.trouble()).hasValueSatisfying(why -> assertThat(why).contains("EIO"));
      assertNothingStored(fail(room, 2, "2"), Reason.FULL);
      assertThat(keys(store, room)).as("it can be read").isEqualTo(Map.of("a", "1"));

      execution.heal();
      probe();
      assertThat(store.trouble()).isEmpty();
      commit(room, 2, "two");
      assertThat(keys(store, room)).isEqualTo(Map.of("a", "two"));
    }

    @Test
    void O2_an_exception_that_is_nobodys_disk_refuses_only_the_set_it_met() throws Exception {
      commit(room, 1, "1");
      execution.failOnceAt(StoreFailpoints.BEFORE_ROOM, new IllegalStateException("odd"));

      assertNothingStored(fail(room, 2, "2"), Reason.REJECTED);
      assertThat(store.trouble()).isEmpty();
      commit(room, 2, "two");
    }
  }

  @Nested
  class When_the_commit_itself_fails {

    private CommitFailure failedSync(String value) throws Exception {
      execution.failOnceAt(
          StoreFailpoints.AFTER_COMMIT, new UncheckedIOException(new IOException("fsync")));
      return fail(room, 2, value);
    }

    @Test
    void O2_the_outcome_is_unknown_and_a_load_tells_what_became_of_it() throws Exception {
      commit(room, 1, "1");
      CommitFailure failure = failedSync("2");

      assertThat(failure.outcome()).isEqualTo(Outcome.UNKNOWN);
      assertThat(failure.reason()).isEqualTo(Reason.IO);
      assertThat(store.trouble()).as("it was opened again at once").isEmpty();
      assertThat(keys(store, room)).isEqualTo(Map.of("a", "2"));
      long sequence = await(store.load(room)).sequence();
      commit(room, sequence + 1, "3");
      assertThat(keys(store, room)).isEqualTo(Map.of("a", "3"));
    }

    @Test
    void O2_sets_submitted_before_the_failure_was_known_do_not_follow_it() throws Exception {
      commit(room, 1, "1");
      Semaphore held = execution.holdAt(StoreFailpoints.BEFORE_COMMIT);
      execution.failOnceAt(
          StoreFailpoints.AFTER_COMMIT, new UncheckedIOException(new IOException("fsync")));
      var unknown = store.commit(put(store, room, 2, "a", "2"));
      execution.awaitHeld();
      List<CompletableFuture<Position>> followers = new ArrayList<>();
      for (int sequence = 3; sequence < 50; sequence++) {
        followers.add(store.commit(put(store, room, sequence, "a", "" + sequence)));
      }
      var other = store.commit(put(store, room(2), 1, "a", "other"));
      held.release();

      assertThat(failure(unknown).outcome()).isEqualTo(Outcome.UNKNOWN);
      for (CompletableFuture<Position> follower : followers) {
        assertNothingStored(failure(follower), Reason.SEQUENCE);
      }
      await(other);
      assertThat(keys(store, room)).isEqualTo(Map.of("a", "2"));
      assertThat(await(store.load(room)).version()).isEqualTo(2);
    }

    @Test
    void O2_nobody_reads_the_file_until_it_is_settled() throws Exception {
      commit(room, 1, "1");
      execution.failAt(
          StoreFailpoints.BEFORE_REOPEN, new UncheckedIOException(new IOException("gone")));
      assertThat(failedSync("2").outcome()).isEqualTo(Outcome.UNKNOWN);

      assertThat(store.trouble()).hasValueSatisfying(why -> assertThat(why).contains("gone"));
      assertThat(store.load(room))
          .failsWithin(java.time.Duration.ofSeconds(30))
          .withThrowableThat()
          .withCauseInstanceOf(IOException.class)
          .withMessageContaining("gone");
      assertNothingStored(fail(room(2), 1, "x"), Reason.FULL);
      probe();
      assertThat(store.trouble()).isPresent();

      execution.heal();
      probe();
      assertThat(store.trouble()).isEmpty();
      assertThat(keys(store, room)).isEqualTo(Map.of("a", "2"));
      commit(room, await(store.load(room)).sequence() + 1, "3");
    }
  }

  @Nested
  class When_reading_fails {

    @Test
    void the_reads_fail_with_the_files_name_and_later_ones_are_answered() throws Exception {
      commit(room, 1, "1");
      execution.failOnceAt(
          StoreFailpoints.READER, new UncheckedIOException(new IOException("EIO")));

      assertThat(store.load(room))
          .failsWithin(java.time.Duration.ofSeconds(30))
          .withThrowableThat()
          .withCauseInstanceOf(IOException.class)
          .withMessageContaining("rooms-0.db");
      assertThat(keys(store, room)).isEqualTo(Map.of("a", "1"));
    }
  }
}
