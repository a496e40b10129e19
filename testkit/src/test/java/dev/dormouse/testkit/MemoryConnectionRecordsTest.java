package dev.dormouse.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dormouse.room.RoomId;
import dev.dormouse.room.spi.ConnectionRecord;
import dev.dormouse.room.spi.ConnectionRecords.Slept;
import dev.dormouse.testkit.MemoryConnectionRecords.Call;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/// What the records in memory offer to tests beside the contract.
class MemoryConnectionRecordsTest {
  private final RoomId room = RoomId.of("chat", new byte[RoomId.BYTES], "lobby");
  private final RoomId other = RoomId.of("editors", new byte[RoomId.BYTES], "notes");

  private static ConnectionRecord record(long key) {
    return new ConnectionRecord(key, null, Set.of(), new byte[0], true, false);
  }

  private static CompletableFuture<?> save(MemoryConnectionRecords records, RoomId room, long key) {
    return records.save(room, List.of(record(key)), List.of());
  }

  private static Throwable failure(CompletableFuture<?> call) {
    assertThat(call).isCompletedExceptionally();
    return call.exceptionNow();
  }

  @Nested
  class Under_a_seeded_execution {

    /// Three calls while another thread takes steps of its own; what happened, in order.
    private List<String> run(long seed) {
      List<String> events = new ArrayList<>();
      SeededExecution execution = new SeededExecution(seed);
      execution.run(() -> {
        MemoryConnectionRecords records = new MemoryConnectionRecords(execution);
        execution.start(
            "neighbour",
            () -> {
              for (int step = 1; step <= 3; step++) {
                events.add("step");
                execution.pass();
              }
            });
        for (long key = 1; key <= 3; key++) {
          String answer = "answer " + key;
          CompletableFuture<?> call = save(records, room, key);
          assertThat(call).as("it takes its time").isNotDone();
          CompletableFuture<?> _ = call.thenRun(() -> events.add(answer));
        }
        execution.settle();
      });
      return events;
    }

    @Test
    void X1_answers_come_later_in_the_order_of_the_calls_and_others_get_their_turns_between() {
      Set<List<String>> runs = new HashSet<>();
      for (long seed = 1; seed <= 200; seed++) {
        List<String> events = run(seed);
        assertThat(events)
            .as("seed %d", seed)
            .containsSubsequence("answer 1", "answer 2", "answer 3");
        runs.add(events);
      }

      // Three answers among three steps: twenty orders.
      assertThat(runs).hasSizeGreaterThan(10);
    }

    @Test
    void X1_the_same_seed_gives_the_same_run() {
      for (long seed = 1; seed <= 20; seed++) {
        assertThat(run(seed)).isEqualTo(run(seed));
      }
    }

    @Test
    void a_throw_at_the_failpoint_fails_that_call_only() {
      SeededExecution execution = new SeededExecution(1);
      execution.run(() -> {
        MemoryConnectionRecords records = new MemoryConnectionRecords(execution);
        execution.at(
            "scratch.call",
            pass -> {
              if (pass == 2) {
                throw new IllegalStateException("made up");
              }
            });
        CompletableFuture<?> first = save(records, room, 1);
        CompletableFuture<?> second = save(records, room, 2);
        CompletableFuture<?> third = save(records, room, 3);
        execution.settle();

        assertThat(first).isCompleted();
        assertThat(failure(second)).isInstanceOf(IOException.class).hasMessageContaining("made up");
        assertThat(third).isCompleted();
        assertThat(records.count(room)).isEqualTo(2);
      });
    }
  }

  @Nested
  class When_a_test_wants_calls_to_fail {

    @Test
    void those_it_names_fail_with_its_reason_and_do_nothing() {
      SeededExecution execution = new SeededExecution(2);
      execution.run(() -> {
        MemoryConnectionRecords records = new MemoryConnectionRecords(execution);
        records.faults((call, asking) ->
            call == Call.SAVE && asking.equals(room) ? Optional.of("disk full") : Optional.empty());
        CompletableFuture<?> refused = save(records, room, 1);
        CompletableFuture<?> read = records.read(room, List.of(1L));
        CompletableFuture<?> saved = save(records, other, 1);
        execution.settle();

        assertThat(failure(refused))
            .isInstanceOf(IOException.class)
            .hasMessageContaining("disk full")
            .hasMessageContaining("chat/lobby");
        assertThat(read).isCompletedWithValueMatching(found -> found.equals(List.of()));
        assertThat(saved).isCompleted();
      });
    }

    @Test
    void every_method_can_be_told_apart() {
      SeededExecution execution = new SeededExecution(3);
      execution.run(() -> {
        MemoryConnectionRecords records = new MemoryConnectionRecords(execution);
        List<Call> seen = new ArrayList<>();
        records.faults((call, _) -> {
          seen.add(call);
          return Optional.empty();
        });
        List<CompletableFuture<?>> calls =
            List.of(
                save(records, room, 1),
                records.sleeps(room, new Slept(1, 0, 1)),
                records.slept(room),
                records.ended(room, 1),
                records.forget(room),
                records.read(room, List.of()),
                records.page(room, null, 0, 1));
        execution.settle();

        assertThat(calls).allMatch(CompletableFuture::isDone);
        assertThat(seen).containsExactly(Call.values());
      });
    }
  }

  @Test
  void a_test_can_see_how_many_records_are_held() {
    SeededExecution execution = new SeededExecution(4);
    execution.run(() -> {
      MemoryConnectionRecords records = new MemoryConnectionRecords(execution);
      List<CompletableFuture<?>> calls =
          List.of(save(records, room, 1), save(records, room, 2), save(records, other, 1));
      execution.settle();

      assertThat(calls).allMatch(CompletableFuture::isDone);
      assertThat(records.count(room)).isEqualTo(2);
      assertThat(records.count(other)).isEqualTo(1);
      assertThat(records.total()).isEqualTo(3);
    });
  }
}
