package dev.dormouse.saga.facility;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dormouse.room.Refusal;
import dev.dormouse.saga.SagaLimits;
import dev.dormouse.saga.SagaStatus;
import dev.dormouse.testkit.RoomTester;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/// What a room's sagas may use, and what becomes of what they leave.
class SagaLimitsTest {
  private static RoomTester tester(SagaLimits limits) {
    return tester(limits, command -> {});
  }

  private static RoomTester tester(SagaLimits limits, BookingRoom.Mood mood) {
    return Agency.troubled(1, new SagaFacility(List.of(Trip.saga()), Map.of(), limits), mood);
  }

  private static Trip full(int length) {
    return new Trip("x".repeat(length));
  }

  @Nested
  class Refused_with_the_limit_is {
    @Test
    void a_saga_too_many_until_another_has_ended() {
      tester(SagaLimits.defaults().withOpen(2), busy("trip"))
          .run(t -> {
            Agency.desk(t).book("trip-1", new Trip(""));
            Agency.desk(t).book("trip-2", new Trip(""));
            assertThatThrownBy(() -> Agency.desk(t).book("trip-3", new Trip("")))
                .isInstanceOf(Refusal.Overloaded.class)
                .hasMessageContaining("2 open sagas; the limit is 2");
            assertThat(Agency.desk(t).book("trip-1", new Trip(""))).isEqualTo("RUNNING");
            Agency.desk(t).does("cancel", "trip-1");
            t.settle();
            assertThat(Agency.desk(t).book("trip-3", new Trip(""))).isEqualTo("RUNNING");
          });
    }

    @Test
    void a_saga_while_too_many_letters_wait() {
      Wire wire =
          new Wire(
              new SagaFacility(
                  List.of(Trip.saga()), Map.of(), SagaLimits.defaults().withLetters(3)));
      Agency.troubled(1, wire, command -> {})
          .run(t -> {
            wire.fate((from, to) -> Wire.Fate.LOST);
            for (int i = 0; i < 3; i++) {
              Agency.desk(t).book("trip-" + i, new Trip(""));
            }
            assertThatThrownBy(() -> Agency.desk(t).book("trip-4", new Trip("")))
                .isInstanceOf(Refusal.Overloaded.class)
                .hasMessageContaining("3 letters");
            wire.fate((from, to) -> Wire.Fate.ARRIVES);
            t.advance(Duration.ofMinutes(1));
            assertThat(Agency.desk(t).book("trip-4", new Trip(""))).isEqualTo("RUNNING");
          });
    }

    @Test
    void an_input_that_is_too_large() {
      tester(SagaLimits.defaults().withBytes(500, 500))
          .run(t -> {
            assertThatThrownBy(() -> Agency.desk(t).book("1", full(1_000)))
                .isInstanceOf(Refusal.TooLarge.class)
                .hasMessageContaining("the limit is 500");
            assertThat(new Books(t).journeys()).isEmpty();
          });
    }

    @Test
    void a_result_that_is_too_large_and_its_effect_never_happened() {
      tester(SagaLimits.defaults().withBytes(10_000, 5))
          .run(t -> {
            Agency.desk(t).book("1", new Trip(""));
            t.settle();
            assertThat(Agency.desk(t).status("1")).isEqualTo("COMPENSATED");
            assertThat(Agency.desk(t).cause("1")).contains("flights was refused", "the limit is 5");
            new Books(t).holdAtTheEnd();
          });
    }
  }

  /// Throws at every step of sagas of this name.
  private static BookingRoom.Mood busy(String name) {
    return command -> {
      if (command.sagaId().startsWith(name) && !command.undoes()) {
        throw new IllegalStateException("busy");
      }
    };
  }

  @Test
  void a_long_message_is_cut_where_it_comes_in() {
    tester(
            SagaLimits.defaults(),
            command -> {
              throw new Refusal.Refused(409, "no".repeat(100_000));
            })
        .run(t -> {
          Agency.desk(t).book("1", new Trip(""));
          t.settle();
          assertThat(Agency.desk(t).cause("1")).hasSizeBetween(500, 1_500);
          assertThat(new Books(t).log("1")).allMatch(line -> line.length() < 1_500);
        });
  }

  @Nested
  class When_they_were_kept_for_long_enough {
    private final RoomTester tester =
        tester(SagaLimits.defaults().withRetention(Duration.ofDays(1)));

    @Test
    void ended_sagas_leave_nothing_but_lanes() {
      tester.run(t -> {
        for (int i = 0; i < 250; i++) {
          Agency.desk(t).book("trip-" + i, new Trip(i % 2 == 0 ? "cars" : ""));
        }
        t.advance(Duration.ofMinutes(5));
        new Books(t).holdAtTheEnd();
        t.advance(Duration.ofHours(20));
        assertThat(new Books(t).journeys()).hasSize(250);
        t.advance(Duration.ofHours(5));
        assertThat(t.disk().keys(t.id(Agency.DESKS, "main")).keySet())
            .filteredOn(key -> key.startsWith("\0"))
            .allMatch(key -> key.startsWith("\0saga/lane/"));
        assertThat(t.disk().alarms(t.id(Agency.DESKS, "main"))).isEmpty();
      });
    }

    @Test
    void their_ids_are_free_again() {
      tester.run(t -> {
        Agency.desk(t).book("1", new Trip("cars"));
        t.advance(Duration.ofHours(23));
        assertThat(Agency.desk(t).book("1", new Trip(""))).isEqualTo("COMPENSATED");
        t.advance(Duration.ofHours(2));
        assertThat(Agency.desk(t).status("1")).isEmpty();
        assertThat(Agency.desk(t).book("1", new Trip(""))).isEqualTo("RUNNING");
        t.settle();
        assertThat(new Books(t).status("1")).isEqualTo(SagaStatus.COMPLETED);
      });
    }

    @Test
    void a_saga_with_many_rows_goes_in_many_turns_and_a_kill_between_them_does_no_harm() {
      boolean[] busy = {true};
      tester(
              SagaLimits.defaults().withRetention(Duration.ofDays(1)),
              command -> {
                if (busy[0]) {
                  throw new IllegalStateException("busy");
                }
              })
          .run(t -> {
            Agency.desk(t).book("1", new Trip(""));
            for (int i = 0; i < 1_500; i++) {
              Agency.desk(t).does("pause", "1");
              Agency.desk(t).does("resume", "1");
            }
            busy[0] = false;
            t.advance(Duration.ofMinutes(10));
            assertThat(Agency.desk(t).status("1")).isEqualTo("COMPLETED");
            boolean[] half = {false};
            t.execution()
                .at(
                    "store.before-commit",
                    pass -> {
                      int lines = new Books(t).log("1").size();
                      if (!half[0] && lines > 0 && lines < 3_000) {
                        half[0] = true;
                        t.store().crash();
                      }
                    });
            t.advance(Duration.ofHours(24));
            assertThat(half[0]).isTrue();
            assertThat(new Books(t).status("1")).isEqualTo(SagaStatus.COMPLETED);
            t.crash();
            t.advance(Duration.ofMinutes(5));
            assertThat(Agency.desk(t).status("1")).isEmpty();
            assertThat(new Books(t).log("1")).isEmpty();
          });
    }
  }
}
