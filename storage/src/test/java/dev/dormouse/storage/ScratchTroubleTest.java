package dev.dormouse.storage;

import static dev.dormouse.storage.Sets.room;
import static org.assertj.core.api.Assertions.assertThat;

import dev.dormouse.room.RoomId;
import dev.dormouse.room.spi.ConnectionRecord;
import dev.dormouse.room.spi.ConnectionRecords.Slept;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What becomes of calls that wait together when the scratch file fails one of them, or all.
class ScratchTroubleTest {
  @TempDir Path folder;
  private final Probes execution = new Probes();
  private final RoomId room = room(1);
  private final RoomId other = room(2);
  private SqliteConnectionRecords records;

  @BeforeEach
  void open() throws Exception {
    records = SqliteConnectionRecords.open(folder, execution);
  }

  @AfterEach
  void close() {
    execution.heal();
    records.close();
  }

  private static <T extends @Nullable Object> T await(CompletableFuture<T> future)
      throws Exception {
    return future.get(30, TimeUnit.SECONDS);
  }

  private static IOException failure(CompletableFuture<?> call) throws Exception {
    try {
      throw new AssertionError("it succeeded with " + await(call));
    } catch (ExecutionException e) {
      if (e.getCause() instanceof IOException failure) {
        return failure;
      }
      throw new AssertionError("a call fails with an IOException only", e);
    }
  }

  private static ConnectionRecord record(long key, int bytes) {
    return new ConnectionRecord(key, null, Set.of("tag"), new byte[bytes], true, false);
  }

  private static List<ConnectionRecord> some(int count, int bytes) {
    return LongStream.rangeClosed(1, count).mapToObj(key -> record(key, bytes)).toList();
  }

  private CompletableFuture<@Nullable Void> save(RoomId room, ConnectionRecord... changed) {
    return records.save(room, List.of(changed), List.of());
  }

  private List<ConnectionRecord> all(RoomId room) throws Exception {
    return await(records.page(room, null, 0, 1_000));
  }

  /// Keeps the thread busy, so that what is called until the permit is given waits together.
  private Semaphore hold() throws Exception {
    Semaphore permit = execution.holdAt(ScratchFailpoints.COMMIT);
    CompletableFuture<?> _ = records.slept(room(99));
    execution.awaitHeld();
    return permit;
  }

  @Nested
  class While_the_file_is_slow {

    @Test
    void no_call_blocks_and_one_thread_answers_them_all_in_order() throws Exception {
      Semaphore held = hold();
      List<String> answers = Collections.synchronizedList(new ArrayList<>());
      List<CompletableFuture<?>> calls = new ArrayList<>();
      for (CompletableFuture<?> call :
          List.<CompletableFuture<?>>of(
              save(room, record(1, 1)),
              records.sleeps(other, new Slept(1, 0, 1)),
              records.slept(room),
              records.ended(other, 1),
              records.forget(room(3)),
              records.read(other, List.of(1L)),
              records.page(room, "tag", 0, 10))) {
        int number = calls.size();
        calls.add(
            call.whenComplete(
                (_, _) -> answers.add(number + " " + Thread.currentThread().getName())));
      }

      assertThat(calls).noneMatch(CompletableFuture::isDone);
      held.release();
      await(CompletableFuture.allOf(calls.toArray(CompletableFuture<?>[]::new)));
      assertThat(answers)
          .isEqualTo(IntStream.range(0, 7).mapToObj(i -> i + " dormouse-scratch").toList());
    }
  }

  @Nested
  class When_one_call_fails {

    @Test
    void the_others_that_waited_with_it_are_done_and_all_are_answered_in_order() throws Exception {
      await(save(other, record(7, 1)));
      Semaphore held = hold();
      List<Integer> answers = Collections.synchronizedList(new ArrayList<>());
      var before = save(room, record(1, 1));
      var tooLong =
          records.save(
              room,
              List.of(
                  record(2, 1),
                  new ConnectionRecord(
                      3, null, Set.of("x".repeat(70_000)), new byte[0], true, false)),
              List.of(1L));
      var beside = records.save(other, List.of(record(8, 1)), List.of(7L));
      var after = records.page(room, "tag", 0, 10);
      var calls = List.of(before, tooLong, beside, after);
      for (int i = 0; i < calls.size(); i++) {
        int number = i;
        CompletableFuture<?> _ = calls.get(i).whenComplete((_, _) -> answers.add(number));
      }
      held.release();

      await(before);
      assertThat(failure(tooLong))
          .hasMessageContaining(room.toString())
          .hasMessageContaining(folder.resolve("scratch.db").toString())
          .hasMessageContaining("too long");
      await(beside);
      assertThat(await(after)).as("all or nothing").containsExactly(record(1, 1));
      assertThat(all(other)).containsExactly(record(8, 1));
      assertThat(answers).containsExactly(0, 1, 2, 3);
    }

    @Test
    void a_room_that_was_new_in_what_was_undone_is_not_taken_for_known() throws Exception {
      Semaphore held = hold();
      execution.failOnceAt(ScratchFailpoints.COMMIT, new IllegalStateException("made up"));
      var first = save(room, record(1, 1));
      var second = records.sleeps(other, new Slept(0, 0, 9));
      held.release();

      await(first);
      await(second);
      assertThat(all(room)).containsExactly(record(1, 1));
      assertThat(await(records.slept(other))).isEqualTo(Optional.of(new Slept(0, 0, 9)));
      execution.failOnceAt(ScratchFailpoints.COMMIT, new IllegalStateException("made up"));
      failure(save(room(3), record(1, 1)));
      await(save(room(3), record(2, 1)));
      assertThat(all(room(3))).containsExactly(record(2, 1));
    }
  }

  @Nested
  class When_the_file_fails_for_a_while {

    @Test
    void every_call_is_told_and_nothing_of_it_is_done_and_later_ones_succeed() throws Exception {
      await(save(room, record(1, 1)));
      execution.failAt(
          ScratchFailpoints.COMMIT, new UncheckedIOException(new IOException("EIO, made up")));
      List<CompletableFuture<?>> calls =
          List.of(
              save(room, record(2, 1)),
              records.sleeps(room, new Slept(1, 0, 1)),
              records.slept(room),
              records.ended(room, 1),
              records.forget(room),
              records.read(room, List.of(1L)),
              records.page(room, null, 0, 1));

      for (CompletableFuture<?> call : calls) {
        assertThat(failure(call))
            .hasMessageContaining(room.toString())
            .hasMessageContaining("scratch.db")
            .hasMessageContaining("EIO, made up");
      }
      execution.heal();
      assertThat(all(room)).containsExactly(record(1, 1));
      assertThat(await(records.slept(room))).isEmpty();
    }
  }

  @Nested
  class When_the_disk_is_full {

    @Test
    void what_does_not_fit_fails_alone_and_what_is_there_can_be_read() throws Exception {
      await(records.save(room, some(20, 1_000), List.of()));
      await(records.limitPages(room, 30));
      Semaphore held = hold();
      var small = save(other, record(1, 1));
      var large = records.save(room(3), some(256, 16 * 1024), List.of());
      var read = records.page(room, "tag", 0, 100);
      var sleeps = records.sleeps(other, new Slept(1, 0, 1));
      held.release();

      await(small);
      assertThat(failure(large))
          .hasMessageContaining(room(3).toString())
          .hasMessageContaining("scratch.db")
          .hasMessageContaining("full");
      assertThat(await(read)).isEqualTo(some(20, 1_000));
      await(sleeps);
      assertThat(all(room(3))).isEmpty();
    }

    @Test
    void it_is_written_again_once_there_is_space() throws Exception {
      await(records.limitPages(room, 30));
      for (int attempt = 0; attempt < 5; attempt++) {
        failure(records.save(room, some(256, 16 * 1024), List.of()));
      }
      await(records.limitPages(room, 100_000));
      await(records.save(room, some(256, 16 * 1024), List.of()));

      assertThat(all(room)).hasSize(256);
    }
  }
}
