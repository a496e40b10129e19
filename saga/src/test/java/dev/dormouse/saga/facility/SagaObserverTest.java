package dev.dormouse.saga.facility;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dormouse.room.Refusal;
import dev.dormouse.room.RoomId;
import dev.dormouse.saga.SagaLimits;
import dev.dormouse.saga.SagaStatus;
import dev.dormouse.saga.engine.Way;
import dev.dormouse.testkit.RoomTester;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;

/// What an observer is told is what became durable: each thing once.
class SagaObserverTest {
  private final Heard heard = new Heard();

  /// Counts what it is told, and keeps the last number of each room's letters.
  private static final class Heard implements SagaObserver {
    private final Map<String, Integer> counts = new ConcurrentHashMap<>();
    private final Map<RoomId, Long> waiting = new ConcurrentHashMap<>();

    private void count(String what, int more) {
      counts.merge(what, more, Integer::sum);
    }

    @Override
    public void started(String definition) {
      count(definition + " started", 1);
    }

    @Override
    public void ended(String definition, SagaStatus outcome) {
      count(definition + " " + outcome, 1);
    }

    @Override
    public void parked(String definition, SagaStatus status) {
      count(definition + " " + status, 1);
    }

    @Override
    public void attempted(String definition, Way way, boolean again) {
      count(way + (again ? " again" : ""), 1);
    }

    @Override
    public void timedOut(String definition, Way way) {
      count(way + " timed out", 1);
    }

    @Override
    public void undoFailed(String definition) {
      count("undo failed", 1);
    }

    @Override
    public void letterSent() {
      count("sent", 1);
    }

    @Override
    public void lettersResent(int count) {
      count("resent", count);
    }

    @Override
    public void lettersWaiting(RoomId room, long count) {
      waiting.put(room, count);
    }

    long waiting() {
      return waiting.values().stream().mapToLong(Long::longValue).sum();
    }

    Map<String, Integer> counts() {
      return new TreeMap<>(counts);
    }
  }

  private SagaFacility facility() {
    return new SagaFacility(List.of(Trip.saga()), Map.of(), SagaLimits.defaults(), heard);
  }

  @Test
  void a_saga_that_completes_is_started_asked_and_ended_once() {
    Agency.tester(1, facility(), command -> {})
        .run(t -> {
          Agency.desk(t).book("1", new Trip(""));
          Agency.desk(t).book("1", new Trip(""));
          t.settle();
          assertThat(heard.counts())
              .containsEntry("trip started", 1)
              .containsEntry("DO", 3)
              .containsEntry("trip COMPLETED", 1)
              // A command for each of three rooms; answers are not kept.
              .containsEntry("sent", 3)
              .hasSize(4);
          assertThat(heard.waiting()).isZero();
        });
  }

  @Test
  void one_that_is_taken_back_is_undone_and_compensated() {
    Agency.tester(1, facility(), command -> {})
        .run(t -> {
          Agency.desk(t).book("1", new Trip("cars"));
          t.settle();
          assertThat(heard.counts())
              .containsEntry("DO", 3)
              .containsEntry("UNDO", 2)
              .containsEntry("trip COMPENSATED", 1)
              .doesNotContainKey("undo failed");
        });
  }

  @Test
  void an_undo_that_fails_is_told_each_time_and_so_is_the_parking() {
    Agency.troubled(
            1,
            facility(),
            command -> {
              if (command.undoes()) {
                throw new Refusal.Refused(409, "no");
              }
            })
        .run(t -> {
          Agency.desk(t).book("1", new Trip("cars"));
          t.advance(Duration.ofHours(3));
          // A review has it tried once more.
          assertThat(heard.counts())
              .containsEntry("trip PARKED_BACKWARD", 2)
              .containsEntry("UNDO", 2)
              .containsEntry("UNDO again", 2 * 99)
              .containsEntry("undo failed", 2 * 100)
              .doesNotContainKey("UNDO timed out");
        });
  }

  @Test
  void what_is_not_answered_has_timed_out_and_its_letters_go_again_and_wait() {
    Wire wire = new Wire(facility());
    Agency.troubled(1, wire, command -> {})
        .run(t -> {
          wire.fate((from, to) -> Wire.Fate.LOST);
          Agency.desk(t).book("1", new Trip(""));
          t.advance(Duration.ofMinutes(5));
          assertThat(heard.waiting()).isGreaterThan(1);
          assertThat(heard.counts()).containsKeys("DO again", "DO timed out", "resent");
          int timeouts = heard.counts().getOrDefault("DO timed out", 0);
          // The last one is followed by undos.
          assertThat(heard.counts()).containsEntry("DO again", timeouts - 1);

          wire.fate((from, to) -> Wire.Fate.ARRIVES);
          t.advance(Duration.ofHours(2));
          assertThat(heard.waiting()).isZero();
          assertThat(heard.counts()).containsEntry("trip started", 1);
        });
  }

  @Test
  void what_a_turn_takes_back_is_not_told() {
    RoomTester tester =
        Agency.listening(
            1,
            facility(),
            (news, desk) -> {
              throw new IllegalStateException("as told");
            });
    tester.run(t -> {
      try {
        Agency.desk(t).book("1", new Trip(""));
      } catch (RuntimeException expected) {
        assertThat(expected).isNotNull();
      }
      t.settle();
      assertThat(heard.counts()).isEmpty();
    });
  }
}
