package dev.dormouse.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dormouse.room.RoomId;
import dev.dormouse.room.spi.ConnectionRecord;
import dev.dormouse.room.spi.ConnectionRecords.Slept;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/// What all [dev.dormouse.room.spi.ConnectionRecords] promise, as tests: extend it and say how they
/// are opened.
public abstract class ConnectionRecordsContract extends RecordPagesContract {

  @Nested
  class When_a_room_sleeps {

    @Test
    void H3_nothing_is_noted_before_it_first_does() throws Exception {
      assertThat(await(records.slept(room))).isEmpty();
      save(room, record(1));
      assertThat(await(records.slept(room))).isEmpty();
    }

    @Test
    void H3_what_is_noted_replaces_what_was_and_stays_until_then() throws Exception {
      await(records.sleeps(room, new Slept(3, 1, 1_900_000_000_000L, "its name")));
      save(room, record(1));
      drop(room, 1L);
      assertThat(await(records.slept(room)))
          .contains(new Slept(3, 1, 1_900_000_000_000L, "its name"));

      await(records.sleeps(room, new Slept(0, 0, 5)));
      assertThat(await(records.slept(room))).contains(new Slept(0, 0, 5));
      assertThat(await(records.slept(other))).isEmpty();
    }

    @Test
    void C5_a_connection_that_ended_is_deleted_and_counted_off() throws Exception {
      save(room, record(1, "a"), record(2, "a"), closing(3, "a"));
      await(records.sleeps(room, new Slept(3, 1, 10, "its name")));

      await(records.ended(room, 1));
      assertThat(await(records.slept(room))).contains(new Slept(2, 1, 10, "its name"));
      await(records.ended(room, 3));
      assertThat(await(records.slept(room))).contains(new Slept(1, 0, 10, "its name"));
      assertThat(keys(all(room))).containsExactly(2L);
      assertThat(tagged(room, "a")).containsExactly(2L);
    }

    @Test
    void C5_what_has_no_record_is_not_counted_off() throws Exception {
      save(room, record(1), record(2));
      await(records.sleeps(room, new Slept(2, 0, 10)));
      await(records.ended(room, 1));
      await(records.ended(room, 1));
      await(records.ended(room, 99));
      await(records.ended(other, 2));

      assertThat(await(records.slept(room))).contains(new Slept(1, 0, 10));
      assertThat(await(records.slept(other))).isEmpty();
    }

    @Test
    void an_end_before_it_first_sleeps_only_deletes_the_record() throws Exception {
      save(room, record(1), record(2));
      await(records.ended(room, 1));

      assertThat(keys(all(room))).containsExactly(2L);
      assertThat(await(records.slept(room))).isEmpty();
      await(records.sleeps(room, new Slept(1, 0, 10)));
      assertThat(await(records.slept(room))).contains(new Slept(1, 0, 10));
    }
  }

  @Nested
  class When_a_room_is_forgotten {

    @Test
    void its_records_and_what_was_noted_go_with_it() throws Exception {
      save(room, record(1, "a"), record(2, "b"));
      save(other, record(1, "a"));
      await(records.sleeps(room, new Slept(2, 0, 10)));
      await(records.forget(room));

      assertThat(all(room)).isEmpty();
      assertThat(tagged(room, "a")).isEmpty();
      assertThat(await(records.read(room, List.of(1L, 2L)))).isEmpty();
      assertThat(await(records.slept(room))).isEmpty();
      assertThat(all(other)).containsExactly(record(1, "a"));
    }

    @Test
    void it_can_begin_anew() throws Exception {
      save(room, record(1, "a"));
      await(records.forget(room));
      await(records.forget(room));
      await(records.forget(other));
      save(room, record(2, "a"));
      await(records.sleeps(room, new Slept(1, 0, 20)));

      assertThat(all(room)).containsExactly(record(2, "a"));
      assertThat(tagged(room, "a")).containsExactly(2L);
      assertThat(await(records.slept(room))).contains(new Slept(1, 0, 20));
    }
  }

  @Nested
  class When_many_calls_are_made_at_once {

    @Test
    void they_are_answered_in_the_order_in_which_they_were_made_also_across_rooms()
        throws Exception {
      List<Integer> answered = Collections.synchronizedList(new ArrayList<>());
      List<CompletableFuture<?>> calls = new ArrayList<>();
      for (int round = 0; round < 200; round++) {
        RoomId here = room("chat", round % 7);
        List<ConnectionRecord> some =
            LongStream.range(1, 1 + round % 9).mapToObj(key -> record(key, "a")).toList();
        for (CompletableFuture<?> call :
            List.<CompletableFuture<?>>of(
                records.save(here, some, List.of((long) round % 9)),
                records.slept(here),
                records.sleeps(room, new Slept(round, 0, round)),
                records.page(here, "a", 0, round % 5),
                records.ended(here, round % 4),
                records.read(other, List.of(1L, 2L)),
                records.forget(room("chat", round % 11)))) {
          int number = calls.size();
          calls.add(call.whenComplete((_, _) -> answered.add(number)));
        }
      }
      await(CompletableFuture.allOf(calls.toArray(CompletableFuture<?>[]::new)));

      assertThat(answered).isEqualTo(IntStream.range(0, calls.size()).boxed().toList());
    }

    @Test
    void each_sees_what_those_before_it_did_and_nothing_of_those_after_it() throws Exception {
      List<CompletableFuture<List<ConnectionRecord>>> seen = new ArrayList<>();
      for (long key = 1; key <= 100; key++) {
        CompletableFuture<?> _ = records.save(room, List.of(record(key)), List.of(key - 1));
        seen.add(records.page(room, null, 0, 10));
      }

      for (long key = 1; key <= 100; key++) {
        assertThat(await(seen.get((int) key - 1))).containsExactly(record(key));
      }
    }

    @Test
    void they_may_come_from_any_thread() throws Exception {
      List<Thread> threads = new ArrayList<>();
      Set<RoomId> done = java.util.concurrent.ConcurrentHashMap.newKeySet();
      for (int number = 10; number < 18; number++) {
        RoomId mine = room("chat", number);
        threads.add(
            Thread.ofPlatform()
                .start(() -> {
                  for (long key = 1; key <= 50; key++) {
                    records.save(mine, List.of(record(key, "a")), List.of()).join();
                    if (records.read(mine, List.of(key)).join().isEmpty()) {
                      return;
                    }
                  }
                  done.add(mine);
                }));
      }
      for (Thread thread : threads) {
        thread.join();
      }

      assertThat(done).hasSize(8);
      for (RoomId mine : done) {
        assertThat(all(mine)).hasSize(50);
      }
    }
  }

  @Nested
  class When_they_are_closed {

    @Test
    void what_was_asked_before_is_answered() throws Exception {
      List<CompletableFuture<?>> before = new ArrayList<>();
      for (long key = 1; key <= 100; key++) {
        before.add(records.save(room, List.of(record(key)), List.of()));
      }
      CompletableFuture<List<ConnectionRecord>> last = records.page(room, null, 98, 10);
      records.close();

      await(CompletableFuture.allOf(before.toArray(CompletableFuture<?>[]::new)));
      assertThat(keys(await(last))).containsExactly(99L, 100L);
    }

    @Test
    void later_calls_fail() {
      records.close();

      assertFails(records.save(room, List.of(record(1)), List.of()));
      assertFails(records.sleeps(room, new Slept(1, 0, 1)));
      assertFails(records.slept(room));
      assertFails(records.ended(room, 1));
      assertFails(records.forget(room));
      assertFails(records.read(room, List.of(1L)));
      assertFails(records.page(room, null, 0, 1));
    }

    @Test
    void closing_again_does_nothing() {
      records.close();
      records.close();
    }

    @Test
    void C3_the_next_process_finds_nothing() throws Exception {
      save(room, record(1, "a"));
      await(records.sleeps(room, new Slept(1, 0, 10)));
      reopen();

      assertThat(all(room)).isEmpty();
      assertThat(tagged(room, "a")).isEmpty();
      assertThat(await(records.slept(room))).isEmpty();
    }
  }
}
