package dev.dormouse.saga.facility;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dormouse.room.Refusal;
import dev.dormouse.saga.SagaStatus;
import dev.dormouse.testkit.RoomTester;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/// A journey over four rooms: the desk that owns the saga, and three that take part.
class SagaRoomsTest {
  private static final Trip FINE = new Trip("");
  private final RoomTester tester = Agency.tester(1);
  private final Books books = new Books(tester);

  @Nested
  class A_saga_over_three_rooms {
    @Test
    void completes_and_leaves_nothing_behind_but_its_own_rows() {
      tester.run(t -> {
        assertThat(Agency.desk(t).book("1", FINE)).isEqualTo("RUNNING");
        t.settle();

        assertThat(Agency.desk(t).status("1")).isEqualTo("COMPLETED");
        assertThat(Agency.desk(t).result("1", "hotels")).isEqualTo("book by hotels");
        books.holdAtTheEnd();
      });
    }

    @Test
    void I4_is_undone_in_reverse_when_the_last_step_is_refused() {
      tester.run(t -> {
        Agency.desk(t).book("1", new Trip("cars"));
        t.settle();

        assertThat(Agency.desk(t).status("1")).isEqualTo("COMPENSATED");
        books.holdAtTheEnd();
        assertThat(books.journeys().getFirst().words()).contains("did [1, 1, 0] undid [1, 1, 0]");
      });
    }

    @Test
    void is_started_once_however_often_it_is_asked_for() {
      tester.run(t -> {
        Agency.desk(t).book("1", FINE);
        Agency.desk(t).book("1", new Trip("cars"));
        t.settle();
        assertThat(Agency.desk(t).book("1", FINE)).isEqualTo("COMPLETED");
        books.holdAtTheEnd();
      });
    }

    @Test
    void runs_beside_many_others_of_the_same_rooms() {
      tester.run(t -> {
        for (int i = 0; i < 50; i++) {
          Agency.desk(t).book("trip-" + i, new Trip(i % 5 == 0 ? "hotels" : ""));
        }
        t.settle();
        t.advance(Duration.ofSeconds(10));
        books.holdAtTheEnd();
        assertThat(books.journeys()).hasSize(50);
        assertThat(books.status("trip-5")).isEqualTo(SagaStatus.COMPENSATED);
        assertThat(books.status("trip-6")).isEqualTo(SagaStatus.COMPLETED);
      });
    }

    @Test
    void S1_survives_that_its_owner_deletes_everything() {
      tester.run(t -> {
        t.store().hold();
        t.execution().start("caller", () -> Agency.desk(t).book("1", FINE));
        t.execution().start("caller", () -> Agency.desk(t).does("delete all", "1"));
        t.settle();
        t.store().letAll();
        t.settle();
        assertThat(Agency.desk(t).status("1")).isEqualTo("COMPLETED");
      });
    }
  }

  @Nested
  class Sleep_and_death {
    @Test
    void H1_rooms_sleep_while_letters_are_on_their_way_and_nothing_is_stranded() {
      Wire wire = new Wire(new SagaFacility(List.of(Trip.saga())));
      RoomTester lossy = Agency.troubled(1, wire, command -> {});
      lossy.run(t -> {
        wire.fate((from, to) -> Wire.Fate.LOST);
        Agency.desk(t).book("1", FINE);
        t.settle();
        // Less than the guard's patience, and more than a room's idle time.
        t.advance(Duration.ofMillis(1_800));
        assertThat(t.node().awake()).isZero();
        new Books(t).holdAtAnyMoment();

        wire.fate((from, to) -> Wire.Fate.ARRIVES);
        t.advance(Duration.ofSeconds(10));
        new Books(t).holdAtTheEnd();
        assertThat(new Books(t).status("1")).isEqualTo(SagaStatus.COMPLETED);
      });
    }

    @Test
    void a_polite_stop_in_the_middle_strands_nothing() {
      tester.run(t -> {
        Agency.desk(t).book("1", new Trip("cars"));
        t.stopAndStart();
        books.holdAtAnyMoment();
        t.advance(Duration.ofSeconds(10));
        books.holdAtTheEnd();
        assertThat(books.status("1")).isEqualTo(SagaStatus.COMPENSATED);
      });
    }

    @Test
    void a_process_without_the_definition_keeps_the_saga_for_one_that_has_it() {
      RoomTester without =
          Agency.troubled(1, new Swapped(new SagaFacility(List.of(Trip.saga()))), command -> {});
      without.run(t -> {
        Agency.desk(t).book("1", new Trip(""));
        t.crash();
        Swapped.to(new SagaFacility(List.of()));
        t.crash();
        t.advance(Duration.ofMinutes(5));
        new Books(t).holdAtAnyMoment();
        assertThat(new Books(t).status("1")).isEqualTo(SagaStatus.RUNNING);
        assertThat(Agency.desk(t).book("1", new Trip(""))).isEqualTo("RUNNING");
        assertThatThrownBy(() -> Agency.desk(t).does("cancel", "1"))
            .isInstanceOf(Refusal.Refused.class)
            .hasMessageContaining("trip/1");

        Swapped.to(new SagaFacility(List.of(Trip.saga())));
        t.crash();
        t.advance(Duration.ofMinutes(5));
        new Books(t).holdAtTheEnd();
      });
    }
  }

  @Nested
  class People {
    @Test
    void cancel_what_is_under_way() {
      tester.run(t -> {
        t.store().hold();
        t.execution().start("caller", () -> Agency.desk(t).book("1", FINE));
        t.execution().start("caller", () -> Agency.desk(t).does("cancel", "1"));
        t.settle();
        t.store().letAll();
        t.settle();
        assertThat(Agency.desk(t).status("1")).isEqualTo("COMPENSATED");
        books.holdAtTheEnd();
      });
    }

    @Test
    void pause_and_resume() {
      tester.run(t -> {
        t.store().hold();
        t.execution().start("caller", () -> Agency.desk(t).book("1", FINE));
        t.execution().start("caller", () -> Agency.desk(t).does("pause", "1"));
        t.settle();
        t.store().letAll();
        t.advance(Duration.ofMinutes(2));
        assertThat(Agency.desk(t).status("1")).isEqualTo("RUNNING");
        books.holdAtAnyMoment();
        Agency.desk(t).does("resume", "1");
        t.settle();
        assertThat(Agency.desk(t).status("1")).isEqualTo("COMPLETED");
      });
    }

    @Test
    void are_told_what_cannot_be() {
      tester.run(t -> {
        assertThatThrownBy(() -> Agency.desk(t).does("cancel", "none"))
            .isInstanceOf(Refusal.NotFound.class);
        Agency.desk(t).book("1", FINE);
        t.settle();
        for (String verb : List.of("cancel", "retry", "skip", "resolve", "pause")) {
          assertThatThrownBy(() -> Agency.desk(t).does(verb, "1"))
              .as(verb)
              .isInstanceOf(Refusal.Refused.class);
        }
      });
    }

    @Test
    void skip_or_resolve_an_undo_that_does_not_succeed() {
      for (String verb : List.of("skip", "resolve")) {
        boolean[] grumpy = {true};
        RoomTester parked =
            Agency.troubled(
                1,
                new SagaFacility(List.of(Trip.saga())),
                command -> {
                  if (grumpy[0] && command.undoes() && command.step().equals("hotels")) {
                    throw new Refusal.Refused(409, "we never cancel");
                  }
                });
        parked.run(t -> {
          Agency.desk(t).book("1", new Trip("cars"));
          t.advance(Duration.ofHours(3));
          assertThat(Agency.desk(t).status("1")).isEqualTo("PARKED_BACKWARD");
          new Books(t).holdAtAnyMoment();
          Agency.desk(t).does(verb, "1");
          t.settle();
          t.advance(Duration.ofSeconds(10));
          assertThat(Agency.desk(t).status("1")).as(verb).isEqualTo("COMPENSATED");
        });
      }
    }
  }

  @Nested
  class A_participant {
    @Test
    void T4_that_throws_is_asked_again_and_stands_in_nobodys_way() {
      int[] left = {2};
      RoomTester clumsy =
          Agency.troubled(
              1,
              new SagaFacility(List.of(Trip.saga())),
              command -> {
                if (command.sagaId().equals("1")
                    && command.step().equals("hotels")
                    && left[0] > 0) {
                  left[0]--;
                  throw new IllegalStateException("on purpose");
                }
              });
      clumsy.run(t -> {
        Agency.desk(t).book("1", FINE);
        Agency.desk(t).book("2", FINE);
        t.settle();
        assertThat(Agency.desk(t).status("2")).isEqualTo("COMPLETED");
        t.advance(Duration.ofSeconds(10));
        assertThat(Agency.desk(t).status("1")).isEqualTo("COMPLETED");
        new Books(t).holdAtTheEnd();
      });
    }
  }
}
