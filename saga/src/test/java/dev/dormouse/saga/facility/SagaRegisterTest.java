package dev.dormouse.saga.facility;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dormouse.saga.Saga;
import dev.dormouse.saga.SagaStatus;
import dev.dormouse.saga.SagaView;
import dev.dormouse.saga.facility.SagaCounts.Standing;
import dev.dormouse.saga.facility.SagaRegister.Listed;
import dev.dormouse.saga.facility.SagaRegister.Page;
import dev.dormouse.saga.facility.SagaRegister.Query;
import dev.dormouse.testkit.RoomTester;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/// Sagas are found, and looked at, while everybody sleeps.
class SagaRegisterTest {
  private final RoomTester tester =
      Agency.troubled(
          1,
          new SagaFacility(List.of(Trip.saga())),
          command -> {
            boolean luckless = command.sagaId().matches("stuck|paused");
            if (luckless && command.step().equals("hotels")) {
              throw new IllegalStateException("the hotel burns");
            }
          });

  private static SagaRegister register(RoomTester t, List<Saga<?>> definitions) {
    return new SagaRegister(
        (prefix, after, limit) -> t.node().marks("saga", prefix, after, limit),
        (room, prefix, limit) -> t.node().durable(room, "saga", prefix, limit),
        definitions);
  }

  private static SagaRegister register(RoomTester t) {
    return register(t, List.of(Trip.saga()));
  }

  private static <T> T now(RoomTester t, CompletableFuture<T> future) {
    t.settle();
    return future.join();
  }

  private static List<String> words(Page page) {
    return page.sagas().stream().map(it -> it.saga() + " " + it.status()).toList();
  }

  /// Ten journeys of which every third turns back, one that is stuck, and two under way.
  private void book(RoomTester t) {
    for (int i = 0; i < 10; i++) {
      Agency.desk(t).book("trip-" + i, new Trip(i % 3 == 0 ? "cars" : ""));
    }
    Agency.desk(t).book("stuck", new Trip(""));
    t.advance(Duration.ofSeconds(1));
    Agency.desk(t).book("paused", new Trip(""));
    t.advance(Duration.ofMillis(300));
    Agency.desk(t).does("pause", "paused");
    t.advance(Duration.ofMillis(1_500));
  }

  @Test
  void open_sagas_are_counted_in_one_question_with_the_start_of_the_oldest() {
    tester.run(t -> {
      assertThat(now(t, counts(t))).isEmpty();
      Instant start = t.execution().instant().truncatedTo(ChronoUnit.MILLIS);
      book(t);
      Agency.desk(t).book("late", new Trip(""));
      t.crash();
      assertThat(now(t, counts(t)))
          .containsExactly(new Standing("trip", 1, SagaStatus.RUNNING, 3, start));
      assertThat(t.node().awake()).isZero();

      Agency.desk(t).does("cancel", "stuck");
      Agency.desk(t).does("cancel", "paused");
      t.advance(Duration.ofSeconds(1));
      assertThat(now(t, counts(t)))
          .extracting(each -> each.status() + " " + each.sagas())
          .containsExactly("COMPENSATING 2", "RUNNING 1");
    });
  }

  private static CompletableFuture<List<Standing>> counts(RoomTester t) {
    return new SagaCounts(prefix -> t.node().countMarks("saga", prefix)).open();
  }

  @Test
  void open_and_ended_sagas_are_listed_by_status_without_waking_a_room() {
    tester.run(t -> {
      book(t);
      t.crash();
      assertThat(words(now(t, register(t).page(Query.open(), "", 100))))
          .containsExactly("paused RUNNING", "stuck RUNNING");
      assertThat(words(now(t, register(t).page(Query.of(SagaStatus.COMPENSATED), "", 100))))
          .containsExactly(
              "trip-0 COMPENSATED",
              "trip-3 COMPENSATED",
              "trip-6 COMPENSATED",
              "trip-9 COMPENSATED");
      Listed paused = now(t, register(t).page(Query.open(), "", 1)).sagas().getFirst();
      assertThat(paused.paused()).isTrue();
      assertThat(paused.room().name()).contains("main");
      assertThat(t.node().awake()).isZero();
    });
  }

  @Test
  void pages_follow_each_other_through_all_statuses() {
    tester.run(t -> {
      book(t);
      Query ended = new Query(Optional.empty(), true, Optional.of("trip"));
      List<String> all = new ArrayList<>();
      String after = "";
      do {
        Page page = now(t, register(t).page(ended, after, 3));
        all.addAll(words(page));
        after = page.next();
      } while (!after.isEmpty());
      assertThat(all).hasSize(10).doesNotHaveDuplicates();
      assertThat(
              now(
                      t,
                      register(t)
                          .page(new Query(Optional.empty(), true, Optional.of("tour")), "", 3))
                  .sagas())
          .isEmpty();
      assertThatThrownBy(() -> register(t).page(ended, "nowhere", 3))
          .isInstanceOf(IllegalArgumentException.class);
    });
  }

  @Test
  void a_view_shows_steps_errors_alarms_and_the_timeline() {
    tester.run(t -> {
      book(t);
      t.crash();
      SagaView view = now(t, register(t).view(t.id(Agency.DESKS, "main"), "stuck")).orElseThrow();

      assertThat(view.status()).isEqualTo(SagaStatus.RUNNING);
      assertThat(view.steps())
          .extracting(step -> "%s %s %s".formatted(step.name(), step.act(), step.target()))
          .containsExactly(
              "flights DONE flights/main", "hotels BACKING_OFF hotels/main", "cars PENDING ");
      assertThat(view.steps().get(1).error()).contains("the hotel burns");
      assertThat(view.steps().get(0).resultBytes()).isPositive();
      assertThat(view.inputBytes()).isPositive();
      assertThat(view.alarms())
          .extracting(SagaView.AlarmView::what)
          .containsExactly("do", "deadline");
      assertThat(view.timeline())
          .extracting(SagaView.Line::transition)
          .startsWith("T1", "T2", "T5");
      assertThat(view.earlier()).isZero();
      assertThat(t.node().awake()).isZero();
      assertThat(now(t, register(t).view(t.id(Agency.DESKS, "main"), "none"))).isEmpty();
    });
  }

  @Test
  void a_turn_sees_the_same_view() {
    tester.run(t -> {
      book(t);
      SagaView durable =
          now(t, register(t).view(t.id(Agency.DESKS, "main"), "trip-0")).orElseThrow();
      SagaView inTurn =
          t.rooms().stub(dev.dormouse.saga.Sagas.class, Agency.DESKS, "main").view("trip-0");
      assertThat(inTurn).isEqualTo(durable);
      assertThat(inTurn.alarms()).isEmpty();
      assertThat(inTurn.ended()).isNotNull();
    });
  }

  @Test
  void a_long_log_shows_its_latest_lines() {
    tester.run(t -> {
      Agency.desk(t).book("stuck", new Trip(""));
      for (int i = 0; i < 600; i++) {
        Agency.desk(t).does("pause", "stuck");
        Agency.desk(t).does("resume", "stuck");
      }
      SagaView view =
          t.rooms().stub(dev.dormouse.saga.Sagas.class, Agency.DESKS, "main").view("stuck");
      assertThat(view.timeline()).hasSize(1_000);
      assertThat(view.timeline().getFirst().n()).isEqualTo(view.earlier() + 1);
      assertThat(view.earlier()).isGreaterThan(200);
    });
  }

  @Test
  void definitions_in_use_that_are_missing_are_named_with_an_example() {
    tester.run(t -> {
      book(t);
      t.crash();
      assertThat(now(t, register(t).missing())).isEmpty();
      assertThat(now(t, register(t, List.of()).missing()))
          .extracting(Object::toString)
          .containsExactly("trip/1: 2 open, such as 'paused' of desks/main");
    });
  }
}
