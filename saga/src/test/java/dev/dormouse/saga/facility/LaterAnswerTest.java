package dev.dormouse.saga.facility;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dormouse.room.RoomId;
import dev.dormouse.saga.Participant;
import dev.dormouse.saga.SagaStatus;
import dev.dormouse.saga.StepCommand;
import dev.dormouse.testkit.RoomTester;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/// The hotel says [Participant#LATER], and answers when it knows.
class LaterAnswerTest {
  /// Takes its time, and remembers what it was asked.
  private static final class Hotel implements BookingRoom.Mood {
    private final Duration delay;
    final List<String> asked = new ArrayList<>();

    Hotel(Duration delay) {
      this.delay = delay;
    }

    @Override
    public void before(StepCommand command) {
      if (command.step().equals("hotels")) {
        asked.add(command.operation());
      }
    }

    @Override
    public Duration later(StepCommand command) {
      return command.step().equals("hotels") ? delay : Duration.ZERO;
    }
  }

  private final Hotel hotel = new Hotel(Duration.ofSeconds(100));
  private final RoomTester tester = Agency.tester(1, new SagaFacility(List.of(Trip.saga())), hotel);
  private final Books books = new Books(tester);

  private void end(RoomTester t, SagaStatus status) {
    t.advance(Duration.ofMinutes(5));
    assertThat(books.status("1")).isEqualTo(status);
    books.holdAtTheEnd();
  }

  @Nested
  class While_it_is_due {
    @Test
    void H1_everybody_sleeps_and_it_arrives_all_the_same() {
      tester.run(t -> {
        Agency.desk(t).book("1", new Trip(""));
        t.advance(Duration.ofSeconds(20));
        assertThat(t.node().awake()).isZero();
        assertThat(books.status("1")).isEqualTo(SagaStatus.RUNNING);

        end(t, SagaStatus.COMPLETED);
        assertThat(Agency.desk(t).result("1", "hotels")).isEqualTo("late, by hotels");
      });
    }

    @Test
    void I1_the_command_comes_again_and_is_not_carried_out_again() {
      tester.run(t -> {
        Agency.desk(t).book("1", new Trip(""));
        // The step's timeout is 30 s.
        end(t, SagaStatus.COMPLETED);
        assertThat(hotel.asked).containsExactly("book");
      });
    }

    @Test
    void the_process_may_die() {
      tester.run(t -> {
        Agency.desk(t).book("1", new Trip(""));
        t.advance(Duration.ofSeconds(50));
        t.store().crash();
        t.crash();
        end(t, SagaStatus.COMPLETED);
        assertThat(hotel.asked).containsExactly("book");
      });
    }

    @Test
    void an_undo_reverses_and_the_answer_that_comes_then_changes_nothing() {
      tester.run(t -> {
        Agency.desk(t).book("1", new Trip(""));
        t.advance(Duration.ofSeconds(50));
        Agency.desk(t).does("cancel", "1");
        t.advance(Duration.ofSeconds(10));
        assertThat(hotel.asked).containsExactly("book", "cancel");
        assertThat(books.status("1")).isEqualTo(SagaStatus.COMPENSATED);

        end(t, SagaStatus.COMPENSATED);
      });
    }
  }

  @Test
  void a_refusal_that_comes_later_turns_the_saga_back() {
    tester.run(t -> {
      Agency.desk(t).book("1", new Trip("hotels"));
      end(t, SagaStatus.COMPENSATED);
      assertThat(hotel.asked).containsExactly("book");
      assertThat(Agency.desk(t).cause("1")).contains("no place left after all");
    });
  }

  @Test
  void an_undo_cannot_be_answered_later() {
    Stubborn room = new Stubborn();
    RoomTester parked =
        Agency.with(1, new SagaFacility(List.of(Trip.saga())), "hotels", context -> room);
    parked.run(t -> {
      Agency.desk(t).book("1", new Trip("cars"));
      t.advance(Duration.ofMinutes(1));
      room.later = false;
      t.advance(Duration.ofMinutes(10));
      assertThat(Agency.desk(t).status("1")).isEqualTo("COMPENSATED");
      assertThat(room.undone).isGreaterThan(1);
    });
  }

  /// Would rather not say that it has undone something.
  private static final class Stubborn implements dev.dormouse.room.Room, Participant {
    private boolean later = true;
    private int undone;

    @Override
    public Object onCommand(StepCommand command) {
      if (command.undoes()) {
        undone++;
        return later ? LATER : "undone";
      }
      return "done";
    }
  }

  @Test
  void a_token_is_text_and_what_is_none_is_refused() {
    RoomId owner = RoomId.of(Agency.DESKS, new byte[RoomId.BYTES], "main");
    Token token = new Token(owner, "trip:1", 2, 7);

    assertThat(Token.parse(token.text())).isEqualTo(token);
    for (String text : List.of("", "x", token.text() + "/", token.text().replace("/", ""))) {
      assertThatThrownBy(() -> Token.parse(text))
          .as(text)
          .isInstanceOf(IllegalArgumentException.class);
    }
  }
}
