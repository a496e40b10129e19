package dev.dormouse.room;

import static dev.dormouse.room.Script.ROOM;
import static dev.dormouse.room.Script.ask;
import static dev.dormouse.room.Script.asking;
import static dev.dormouse.room.Script.caller;
import static dev.dormouse.room.Script.declined;
import static dev.dormouse.room.Script.join;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.dormouse.room.RoomException.Outcome;
import dev.dormouse.room.RoomException.RoomReset;
import dev.dormouse.testkit.FakeConnection;
import dev.dormouse.testkit.FakeSockets.Answer;
import dev.dormouse.testkit.RoomTester;
import java.time.Duration;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/// T6: rebuilds are limited.
class RebuildsRuleTest {
  private final Script script =
      new Script()
          .answers("hello", _ -> "hello")
          .does(
              "fail",
              cue -> {
                throw new IllegalStateException("broken");
              });

  private static void assertRests(RoomTester t) {
    long exchange = asking(t, "hello");
    t.settle();
    assertThat(declined(t, exchange))
        .isInstanceOfSatisfying(
            RoomReset.class,
            reset -> {
              assertThat(reset.reason()).isEqualTo(RoomReset.Reason.BACKING_OFF);
              assertThat(reset.outcome()).isEqualTo(Outcome.NOT_APPLIED);
              assertThat(reset.retryable()).isTrue();
              assertThat(reset).hasMessageContaining("room/r");
            });
    assertThat(catchThrowable(() -> caller(t, "r").say("hello"))).isInstanceOf(RoomReset.class);
    assertThat(t.knock(ROOM, "r", RoomTester.upgrade(java.util.Map.of())))
        .isInstanceOfSatisfying(
            Answer.Declined.class, no -> assertThat(no.error()).isInstanceOf(RoomReset.class));
  }

  @Nested
  class A_connection_whose_messages_make_the_room_fail {

    @Test
    void T6_is_closed_with_its_own_code_after_five_failures_in_ten_seconds() {
      script.play(t -> {
        FakeConnection ada = join(t);
        FakeConnection bob = join(t);
        for (int i = 0; i < 4; i++) {
          ada.send("fail");
          t.advance(Duration.ofSeconds(2));
        }
        assertThat(ada.closed()).isEmpty();
        ada.send("fail");
        t.settle();
        assertThat(ada.closed()).contains(CloseStatus.of(CloseCode.TOO_MANY_FAILURES));
        assertThat(bob.closed()).isEmpty();
      });
    }

    @Test
    void T6_stays_open_if_they_are_further_apart() {
      script.play(t -> {
        FakeConnection ada = join(t);
        for (int i = 0; i < 10; i++) {
          ada.send("fail");
          t.advance(Duration.ofSeconds(3));
        }
        assertThat(ada.closed()).isEmpty();
        assertThat(ask(t, "hello")).isEqualTo("hello");
      });
    }

    @Test
    void T6_refusals_do_not_count() {
      script.does(
          "refuse",
          cue -> {
            throw new Refusal.Refused(409, "no");
          });
      script.play(t -> {
        FakeConnection ada = join(t);
        for (int i = 0; i < 20; i++) {
          ada.send("refuse");
        }
        t.settle();
        assertThat(ada.closed()).isEmpty();
        assertThat(script.instances()).hasSize(1);
      });
    }
  }

  @Nested
  class A_room_that_fails_too_often {

    @Test
    void T6_rests_and_callers_get_reset_until_then() {
      script.play(t -> {
        for (int i = 0; i < 5; i++) {
          join(t).send("fail");
          t.settle();
        }
        int built = script.instances().size();
        assertRests(t);
        assertThat(script.instances()).as("nothing is built meanwhile").hasSize(built);
        t.advance(Duration.ofSeconds(1));
        assertThat(ask(t, "hello")).isEqualTo("hello");
      });
    }

    @Test
    void T6_who_waits_when_it_begins_to_rest_is_told_at_once() {
      script.play(t -> {
        for (int i = 0; i < 4; i++) {
          join(t).send("fail");
          t.settle();
        }
        join(t).send("fail");
        long exchange = asking(t, "hello");
        t.settle();
        assertThat(declined(t, exchange)).isInstanceOf(RoomReset.class);
      });
    }

    @Test
    void T6_messages_wait_for_its_end() {
      script.play(t -> {
        FakeConnection ada = join(t);
        for (int i = 0; i < 5; i++) {
          asking(t, "fail");
          t.settle();
        }
        ada.send("hello");
        t.settle();
        assertThat(ada.texts()).isEmpty();
        t.advance(Duration.ofSeconds(1));
        assertThat(ada.texts()).containsExactly("hello");
      });
    }

    @Test
    void T6_rests_from_one_second_on_up_to_thirty() {
      script.does(
          Script.START,
          cue -> {
            throw new IllegalStateException("cannot start");
          });
      script.play(t -> {
        for (int seconds : new int[] {1, 2, 4, 8, 16, 30, 30}) {
          int built = script.instances().size();
          long exchange = asking(t, "hello");
          t.settle();
          assertThat(declined(t, exchange)).isInstanceOf(RoomReset.class);
          assertThat(script.instances()).hasSize(built + 1);
          t.advance(Duration.ofSeconds(seconds).minusMillis(10));
          assertRests(t);
          assertThat(script.instances()).hasSize(built + 1);
          t.advance(Duration.ofMillis(20));
        }
      });
    }
  }

  @Nested
  class A_start_that_fails {

    @Test
    void T6_counts_and_makes_the_room_rest_at_once() {
      script.does(
          Script.START,
          cue -> {
            cue.put("k", "never");
            throw new IllegalStateException("cannot start");
          });
      script.play(t -> {
        long exchange = asking(t, "hello");
        t.settle();
        assertThat(declined(t, exchange)).isInstanceOf(RoomReset.class);
        assertRests(t);
        assertThat(script.instances()).hasSize(1);
        assertThat(Script.stored(t, "k")).isEmpty();
      });
    }

    @Test
    void T6_a_refusal_in_it_counts_like_any_throw() {
      script.does(
          Script.START,
          cue -> {
            throw new Refusal.Refused(409, "will not start");
          });
      script.play(t -> {
        long exchange = asking(t, "hello");
        t.settle();
        assertThat(declined(t, exchange)).isInstanceOf(RoomReset.class);
        assertRests(t);
      });
    }

    @Test
    void T6_messages_sent_meanwhile_are_handled_once_it_starts() {
      script.play(t -> {
        FakeConnection ada = join(t);
        script.does(
            Script.START,
            cue -> {
              throw new IllegalStateException("cannot start");
            });
        ada.send("fail");
        ada.send("hello");
        t.settle();
        assertThat(ada.texts()).isEmpty();
        script.does(Script.START, _ -> {});
        t.advance(Duration.ofSeconds(31));
        assertThat(ada.texts()).containsExactly("hello");
      });
    }

    @Test
    void T6_a_room_whose_state_cannot_be_read_rests_too() {
      script.play(t -> {
        t.store().unreadable("the disk is sulking");
        long exchange = asking(t, "hello");
        t.settle();
        assertThat(declined(t, exchange)).isInstanceOf(RoomReset.class);
        assertRests(t);
        assertThat(script.instances()).isEmpty();
        assertThat(script.watch().broken).hasSize(1);
        script.watch().broken.clear();
        t.store().unreadable(null);
        t.advance(Duration.ofSeconds(1));
        assertThat(ask(t, "hello")).isEqualTo("hello");
      });
    }
  }
}
