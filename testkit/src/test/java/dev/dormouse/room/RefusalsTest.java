package dev.dormouse.room;

import static dev.dormouse.room.Script.MANY;
import static dev.dormouse.room.Script.ROOM;
import static dev.dormouse.room.Script.ask;
import static dev.dormouse.room.Script.asking;
import static dev.dormouse.room.Script.caller;
import static dev.dormouse.room.Script.declined;
import static dev.dormouse.room.Script.join;
import static dev.dormouse.room.Script.stored;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.dormouse.room.RoomException.Outcome;
import dev.dormouse.room.RoomException.RoomReset;
import dev.dormouse.room.spi.Execution.Signal;
import dev.dormouse.testkit.FakeConnection;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/// T4: what a throw out of a handler means.
class RefusalsTest {
  private final Script script = new Script();

  @Nested
  class A_refusal {

    @Test
    void T4_undoes_the_turn_is_answered_and_keeps_the_instance() {
      List<Refusal> refusals =
          List.of(
              new Refusal.VersionConflict(7, "moved on"),
              new Refusal.Refused(409, "no"),
              new Refusal.NotFound("not there"),
              new Refusal.TooLarge("too much"),
              new Refusal.Overloaded("too busy"),
              new Refusal.StorageFull("no space"));
      for (Refusal refusal : refusals) {
        script.play(t -> {
          script.does(
              "refuse",
              cue -> {
                cue.put("key", "never");
                throw refusal;
              });
          script.does("set field", cue -> cue.room().field = "kept");
          script.answers("field", cue -> cue.room().field);
          FakeConnection ada = join(t);
          ada.send("set field");
          t.settle();

          long exchange = asking(t, "refuse");
          t.settle();
          assertThat(declined(t, exchange)).isSameAs(refusal);
          assertThat(catchThrowable(() -> caller(t, "r").say("refuse"))).isSameAs(refusal);
          assertThat(stored(t, "key")).isEmpty();
          assertThat(ask(t, "field")).isEqualTo("kept");
          assertThat(script.instances()).hasSize(1);
        });
      }
    }

    @Test
    void T4_each_has_its_http_status() {
      assertThat(new Refusal.VersionConflict(7, "").status()).isEqualTo(412);
      assertThat(new Refusal.Refused(409, "").status()).isEqualTo(409);
      assertThat(new Refusal.NotFound("").status()).isEqualTo(404);
      assertThat(new Refusal.TooLarge("").status()).isEqualTo(413);
      assertThat(new Refusal.Overloaded("").status()).isEqualTo(503);
      assertThat(new Refusal.StorageFull("").status()).isEqualTo(507);
      assertThat(catchThrowable(() -> new Refusal.Refused(500, "")))
          .hasMessageContaining("400 to 499");
    }

    @Test
    void T4_of_a_message_is_told_to_the_room_in_a_turn_of_its_own() {
      script.play(t -> {
        script.does(
            "refuse",
            cue -> {
              cue.tell("never");
              throw new Refusal.Refused(409, "no");
            });
        script.does(
            Script.REFUSED,
            cue -> {
              cue.put("refused", "yes");
              cue.tell("refused: " + ((Refusal) cue.what()).getMessage());
            });
        FakeConnection ada = join(t);
        ada.send("refuse");
        t.settle();
        assertThat(ada.texts()).containsExactly("refused: no");
        assertThat(ada.refusals()).singleElement().isInstanceOf(Refusal.Refused.class);
        assertThat(ada.closed()).isEmpty();
        assertThat(stored(t, "refused")).contains("yes");
      });
    }

    @Test
    void T4_waits_for_the_earlier_writes_like_any_answer() {
      script.play(
          MANY,
          t -> {
            script.does("put", cue -> cue.put("k", "v"));
            script.does(
                "refuse",
                cue -> {
                  throw new Refusal.NotFound(cue.get("k").orElse("nothing yet"));
                });
            FakeConnection ada = join(t);
            t.store().hold();
            ada.send("put");
            long exchange = asking(t, "refuse");
            t.settle();
            assertThat(t.sockets().answer(exchange)).isNull();
            t.store().letOne();
            t.settle();
            assertThat(declined(t, exchange)).hasMessage("v");
          });
    }
  }

  @Nested
  class Any_other_throw {

    @Test
    void T4_ends_the_incarnation_and_a_new_one_is_built_at_once_since_a_client_is_there() {
      List<Throwable> throwables =
          List.of(
              new IllegalStateException("broken"),
              new AssertionError("broken"),
              new Exception("broken"));
      for (Throwable thrown : throwables) {
        script.play(t -> {
          script.does(
              "fail",
              cue -> {
                cue.room().field = "lost";
                if (thrown instanceof Error error) {
                  throw error;
                }
                throw (Exception) thrown;
              });
          script.answers("field", cue -> "field '" + cue.room().field + "'");
          FakeConnection ada = join(t);
          ada.send("fail");
          t.settle();
          assertThat(script.watch().handlerFailures).containsExactly(thrown);
          assertThat(script.instances()).as("built anew by itself").hasSize(2);
          ada.send("field");
          t.settle();
          assertThat(ada.texts()).containsExactly("field ''");
          assertThat(ada.closed()).as("its connections stay open").isEmpty();
          assertThat(script.instances()).hasSize(2);
          assertThat(script.watch().starts).containsExactly(StartCause.CREATED, StartCause.RESET);
        });
      }
    }

    @Test
    void T4_a_new_one_is_built_at_the_next_event_where_nobody_is_connected() {
      script.play(t -> {
        script.does(
            "fail",
            cue -> {
              throw new IllegalStateException("broken");
            });
        asking(t, "fail");
        t.settle();
        assertThat(script.instances()).hasSize(1);
        asking(t, "fail");
        t.settle();
        assertThat(script.instances()).hasSize(2);
      });
    }

    @Test
    void T4_is_answered_with_a_reset() {
      script.play(t -> {
        script.does(
            "fail",
            cue -> {
              throw new IllegalStateException("broken");
            });
        long exchange = asking(t, "fail");
        t.settle();
        assertThat(declined(t, exchange))
            .isInstanceOfSatisfying(
                RoomReset.class,
                reset -> {
                  assertThat(reset.reason()).isEqualTo(RoomReset.Reason.HANDLER_THREW);
                  assertThat(reset.outcome()).isEqualTo(Outcome.NOT_APPLIED);
                  assertThat(reset.retryable()).isFalse();
                  assertThat(reset).hasMessageContaining("room/r").hasRootCauseMessage("broken");
                });
        assertThat(catchThrowable(() -> caller(t, "r").say("fail"))).isInstanceOf(RoomReset.class);
      });
    }

    @Test
    void T4_after_an_earlier_turn_leaves_the_outcome_unknown() {
      script.play(t -> {
        script.does(
            "write and fail",
            cue -> {
              cue.put("k", "v");
              cue.storage().sync();
              throw new IllegalStateException("broken");
            });
        script.does(
            "act and fail",
            cue -> {
              cue.context().await(() -> "something done outside");
              throw new IllegalStateException("broken");
            });
        for (String deed : List.of("write and fail", "act and fail")) {
          long exchange = asking(t, deed);
          t.settle();
          assertThat(declined(t, exchange).outcome()).as(deed).isEqualTo(Outcome.UNKNOWN);
        }
      });
    }

    @Test
    void T4_ends_the_other_handlers_of_the_incarnation_too() {
      script.play(
          MANY,
          t -> {
            Signal go = t.execution().signal();
            script.does(
                "wait",
                cue -> {
                  cue.context()
                      .await(() -> {
                        go.await();
                        return null;
                      });
                  cue.note("went on");
                });
            script.does(
                "fail",
                cue -> {
                  throw new IllegalStateException("broken");
                });
            FakeConnection ada = join(t);
            long waiting = asking(t, "wait");
            t.settle();
            ada.send("fail");
            t.settle();
            assertThat(declined(t, waiting)).isInstanceOf(RoomReset.class);
            go.complete();
            t.settle();
            assertThat(script.notes()).isEmpty();
          });
    }

    @Test
    void T4_in_a_handler_of_a_connection_leaves_the_connection_open() {
      for (String deed : List.of(Script.OPEN, Script.FAILED)) {
        script.play(t -> {
          script.does(
              deed,
              cue -> {
                throw new IllegalStateException("broken");
              });
          script.answers("hello", _ -> "hello");
          FakeConnection ada = join(t);
          t.node()
              .post(
                  t.id(ROOM, "r"),
                  new dev.dormouse.room.spi.Event.Failed(ada.key(), new Exception("bad frame")));
          ada.send("hello");
          t.settle();
          assertThat(script.watch().handlerFailures).hasSize(1);
          assertThat(ada.texts()).containsExactly("hello");
          script.does(deed, _ -> {});
        });
      }
    }
  }
}
