package dev.dormouse.saga.facility;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dormouse.room.RoomException;
import dev.dormouse.room.spi.AlarmRow;
import dev.dormouse.saga.Repeat;
import dev.dormouse.testkit.RoomTester;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A journey that is paid at a bank: somebody outside, called on a thread of its own.
class ExternalTest {
  private final RoomTester[] tester = new RoomTester[1];
  private final Bank bank = new Bank(() -> tester[0].execution());

  private RoomTester tester(Repeat repeat) {
    tester[0] =
        Agency.troubled(
            1, new SagaFacility(List.of(Bank.saga(repeat)), Map.of("bank", bank)), command -> {});
    return tester[0];
  }

  private void ended(RoomTester t, String status, String book) {
    t.advance(Duration.ofMinutes(5));
    assertThat(Agency.desk(t).status("1")).isEqualTo(status);
    assertThat(bank.book.getOrDefault("1", "nothing")).isEqualTo(book);
    assertThat(t.disk().keys(t.id(Agency.DESKS, "main")).keySet())
        .noneMatch(key ->
            key.startsWith("\0saga/part/")
                || key.startsWith("\0saga/called/")
                || key.startsWith("\0saga/out/"));
    assertThat(t.disk().alarms(t.id(Agency.DESKS, "main")))
        .extracting(AlarmRow::name)
        .containsExactly("\0saga/trim");
  }

  @Test
  void a_step_outside_is_done_and_its_answer_is_kept() {
    tester(Repeat.idempotent())
        .run(t -> {
          Agency.desk(t).book("1", new Trip(""));
          ended(t, "COMPLETED", "charged");
          assertThat(Agency.desk(t).result("1", "pay")).isEqualTo("ok");
          assertThat(bank.calls).containsExactly("charge 1");
        });
  }

  @Test
  void its_refusal_turns_the_saga_back_and_is_not_undone() {
    bank.says = false;
    tester(Repeat.idempotent())
        .run(t -> {
          Agency.desk(t).book("1", new Trip(""));
          ended(t, "COMPENSATED", "nothing");
          assertThat(bank.calls).containsExactly("charge 1");
        });
  }

  @Test
  void it_is_undone_when_a_later_step_is_refused() {
    tester(Repeat.idempotent())
        .run(t -> {
          Agency.desk(t).book("1", new Trip("cars"));
          ended(t, "COMPENSATED", "refunded");
          assertThat(bank.calls).containsExactly("charge 1", "refund 1");
        });
  }

  @Test
  void a_call_that_fails_is_made_again() {
    bank.failures = 2;
    tester(Repeat.idempotent())
        .run(t -> {
          Agency.desk(t).book("1", new Trip(""));
          ended(t, "COMPLETED", "charged");
          assertThat(bank.calls).containsExactly("charge 1", "charge 1", "charge 1");
        });
  }

  @Test
  void the_room_goes_on_and_may_sleep_meanwhile() {
    bank.takes = Duration.ofSeconds(20);
    tester(Repeat.idempotent())
        .run(t -> {
          Agency.desk(t).book("1", new Trip(""));
          t.settle();
          assertThat(Agency.desk(t).status("1")).isEqualTo("RUNNING");
          t.advance(Duration.ofSeconds(10));
          assertThat(t.node().awake()).isZero();
          ended(t, "COMPLETED", "charged");
        });
  }

  @Test
  void an_undo_is_not_called_while_its_step_is() {
    bank.takes = Duration.ofSeconds(20);
    tester(Repeat.idempotent())
        .run(t -> {
          Agency.desk(t).book("1", new Trip(""));
          t.settle();
          Agency.desk(t).does("cancel", "1");
          ended(t, "COMPENSATED", "refunded");
        });
  }

  @Test
  void an_answer_that_died_with_the_process_is_asked_for_before_the_call_is_made_again() {
    tester(Repeat.lookup("ask"))
        .run(t -> {
          boolean[] dead = new boolean[1];
          t.execution()
              .at(
                  "facility.posts",
                  pass -> {
                    if (!dead[0] && bank.book.containsKey("1")) {
                      dead[0] = true;
                      t.store().crash();
                    }
                  });
          ask(t);
          t.settle();
          assertThat(dead[0]).isTrue();
          t.crash();
          ended(t, "COMPLETED", "charged");
          assertThat(bank.calls).containsExactly("charge 1", "ask 1");
          assertThat(Agency.desk(t).result("1", "pay")).isEqualTo("asked");
        });
  }

  @Test
  void a_service_that_is_missing_after_a_call_has_refused_nothing() {
    SagaFacility without = new SagaFacility(List.of(Bank.saga(Repeat.lookup("ask"))), Map.of());
    SagaFacility with =
        new SagaFacility(List.of(Bank.saga(Repeat.lookup("ask"))), Map.of("bank", bank));
    tester[0] = Agency.troubled(1, new Swapped(with), command -> {});
    boolean[] dead = new boolean[1];
    tester[0].run(t -> {
      t.execution()
          .at(
              "facility.posts",
              pass -> {
                if (!dead[0] && bank.book.containsKey("1")) {
                  dead[0] = true;
                  t.store().crash();
                }
              });
      ask(t);
      t.settle();
      assertThat(bank.book).containsEntry("1", "charged");
      Swapped.to(without);
      t.crash();
      t.advance(Duration.ofSeconds(3));
      assertThat(Agency.desk(t).status("1")).isEqualTo("RUNNING");
      Swapped.to(with);
      t.crash();
      ended(t, "COMPLETED", "charged");
      assertThat(bank.calls).containsExactly("charge 1", "ask 1");
    });
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "cars"})
  void I2_holds_outside_too_when_the_process_is_killed_at_any_commit(String full) {
    int commit = 1;
    while (killedAt(commit, full)) {
      commit++;
    }
    assertThat(commit).isGreaterThan(10);
  }

  private boolean killedAt(int number, String full) {
    bank.book.clear();
    boolean[] dead = new boolean[1];
    int[] commits = new int[1];
    RoomTester run = tester(Repeat.idempotent());
    run.run(t -> {
      t.execution()
          .at(
              "store.before-commit",
              pass -> {
                if (++commits[0] == number) {
                  dead[0] = true;
                  t.store().crash();
                }
              });
      t.execution().start("caller", () -> ask(t, full));
      // Until nobody has anything to forget either.
      t.advance(Duration.ofMinutes(3));
      if (dead[0]) {
        t.crash();
        ask(t, full);
      }
      ended(
          t, full.isEmpty() ? "COMPLETED" : "COMPENSATED", full.isEmpty() ? "charged" : "refunded");
    });
    return dead[0];
  }

  private static void ask(RoomTester t) {
    t.execution().start("caller", () -> ask(t, ""));
  }

  private static void ask(RoomTester t, String full) {
    try {
      Agency.desk(t).book("1", new Trip(full));
    } catch (RoomException lost) {
      assertThat(lost).isNotNull();
    }
  }
}
