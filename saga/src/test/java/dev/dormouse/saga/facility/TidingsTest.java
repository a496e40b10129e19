package dev.dormouse.saga.facility;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dormouse.room.Refusal;
import dev.dormouse.room.RoomException;
import dev.dormouse.saga.SagaNews;
import dev.dormouse.saga.SagaStatus;
import dev.dormouse.testkit.RoomTester;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/// A desk that is told of its journeys writes down what it hears.
class TidingsTest {
  /// What the desk does when it hears something; throws if it likes.
  private Desk.Ear ear = (news, desk) -> {};

  private final List<SagaNews> heard = new ArrayList<>();
  private final RoomTester tester =
      Agency.listening(
          1,
          new SagaFacility(List.of(Trip.saga())),
          (news, desk) -> {
            heard.add(news);
            ear.hear(news, desk);
          });
  private final Books books = new Books(tester);

  private List<String> words() {
    return heard.stream()
        .map(news -> "%s %s %s".formatted(news.status(), news.step().orElse("-"), news.what()))
        .toList();
  }

  @Test
  void each_change_is_told_once_and_in_order() {
    tester.run(t -> {
      Agency.desk(t).book("1", new Trip(""));
      t.settle();
      assertThat(words())
          .containsExactly(
              "RUNNING - started",
              "RUNNING flights done",
              "RUNNING hotels done",
              "COMPLETED cars done");
    });
  }

  @Test
  void the_way_back_is_told_with_its_cause() {
    tester.run(t -> {
      Agency.desk(t).book("1", new Trip("hotels"));
      t.settle();
      assertThat(words())
          .containsExactly(
              "RUNNING - started",
              "RUNNING flights done",
              "COMPENSATING hotels no place left",
              "COMPENSATED flights undone");
      assertThat(heard.getLast().cause()).contains("hotels was refused: no place left");
    });
  }

  @Test
  void what_changes_nothing_is_not_told() {
    tester.run(t -> {
      Agency.desk(t).book("1", new Trip(""));
      t.settle();
      heard.clear();
      Agency.desk(t).book("1", new Trip(""));
      assertThatThrownBy(() -> Agency.desk(t).does("cancel", "1"))
          .isInstanceOf(Refusal.Refused.class);
      assertThat(heard).isEmpty();
    });
  }

  @Test
  void what_the_room_makes_of_it_is_durable_with_the_change() {
    ear = (news, desk) -> desk.storage().putText("heard/" + news.saga(), news.status().name());
    tester.run(t -> {
      t.store().hold();
      t.execution().start("caller", () -> Agency.desk(t).book("1", new Trip("")));
      t.settle();
      assertThat(t.disk().rooms()).isEmpty();
      t.store().letAll();
      t.settle();
      assertThat(t.disk().text(t.id(Agency.DESKS, "main"), "heard/1")).contains("COMPLETED");
    });
  }

  @Test
  void a_room_that_throws_once_hears_of_it_again_and_nothing_happens_twice() {
    boolean[] thrown = new boolean[4];
    ear =
        (news, desk) -> {
          int step = news.step().map(name -> 1 + Trip.STEPS.indexOf(name)).orElse(0);
          if (!thrown[step]) {
            thrown[step] = true;
            throw new java.io.IOException("on purpose");
          }
        };
    tester.run(t -> {
      assertThatThrownBy(() -> Agency.desk(t).book("1", new Trip("")))
          .isInstanceOf(RoomException.class);
      assertThat(books.journeys()).isEmpty();
      t.advance(Duration.ofMinutes(1));
      Agency.desk(t).book("1", new Trip(""));
      t.advance(Duration.ofMinutes(5));
      assertThat(books.status("1")).isEqualTo(SagaStatus.COMPLETED);
      books.holdAtTheEnd();
      assertThat(words())
          .containsExactly(
              "RUNNING - started",
              "RUNNING - started",
              "RUNNING flights done",
              "RUNNING flights done",
              "RUNNING hotels done",
              "RUNNING hotels done",
              "COMPLETED cars done",
              "COMPLETED cars done");
    });
  }

  @Test
  void a_room_that_always_throws_does_not_hold_its_sagas_up() {
    ear =
        (news, desk) -> {
          if (!news.what().equals("started")) {
            throw new IllegalStateException("on purpose");
          }
        };
    tester.run(t -> {
      Agency.desk(t).book("1", new Trip("cars"));
      t.advance(Duration.ofMinutes(10));
      assertThat(books.status("1")).isEqualTo(SagaStatus.COMPENSATED);
      books.holdAtTheEnd();
      assertThat(heard).allMatch(news -> Collections.frequency(heard, news) <= Tidings.THROWS);
      assertThat(books.log("1")).anyMatch(line -> line.contains("did not hear of it"));
    });
  }

  @Test
  void a_verb_that_is_undone_by_a_throw_has_changed_nothing_though_its_caller_goes_on() {
    ear =
        (news, desk) -> {
          desk.storage().putText("heard", "anything");
          throw new Refusal.Refused(409, "not now");
        };
    tester.run(t -> {
      assertThat(Agency.desk(t).bookAnyway("1", new Trip(""))).isEqualTo("not now");
      t.advance(Duration.ofMinutes(1));
      assertThat(books.journeys()).isEmpty();
      assertThat(t.disk().text(t.id(Agency.DESKS, "main"), "heard")).isEmpty();
    });
  }

  @Test
  void a_room_that_is_told_may_start_another_and_hears_of_that_afterwards() {
    ear =
        (news, desk) -> {
          if (news.saga().equals("1") && news.status() == SagaStatus.COMPLETED) {
            desk.facility(dev.dormouse.saga.Sagas.class).start("trip", "2", new Trip(""));
            heard.add(
                new SagaNews(
                    "-",
                    "",
                    SagaStatus.RUNNING,
                    java.util.Optional.empty(),
                    "told",
                    java.util.Optional.empty()));
          }
        };
    tester.run(t -> {
      Agency.desk(t).book("1", new Trip(""));
      t.settle();
      assertThat(books.status("2")).isEqualTo(SagaStatus.COMPLETED);
      assertThat(words().subList(3, 6))
          .containsExactly("COMPLETED cars done", "RUNNING - told", "RUNNING - started");
    });
  }

  @Test
  void a_room_cannot_wait_while_it_is_told() {
    List<Throwable> thrown = new ArrayList<>();
    ear =
        (news, desk) -> {
          try {
            desk.sleep(Duration.ofSeconds(1));
          } catch (IllegalStateException e) {
            thrown.add(e);
          }
        };
    tester.run(t -> {
      Agency.desk(t).book("1", new Trip(""));
      t.settle();
      assertThat(thrown).hasSize(4);
    });
  }
}
