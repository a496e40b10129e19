package dev.dormouse.room;

import static dev.dormouse.room.Script.MANY;
import static dev.dormouse.room.Script.ROOM;
import static dev.dormouse.room.Script.ask;
import static dev.dormouse.room.Script.asking;
import static dev.dormouse.room.Script.caller;
import static dev.dormouse.room.Script.join;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.dormouse.room.RoomException.CallTimeout;
import dev.dormouse.room.RoomException.RoomReset;
import dev.dormouse.room.RoomException.WouldDeadlock;
import dev.dormouse.room.spi.Execution.Signal;
import dev.dormouse.room.spi.WriteSet;
import dev.dormouse.testkit.FakeSockets.Answer;
import dev.dormouse.testkit.RoomTester;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/// T8: calls between rooms.
class CallsTest {
  private final Script script = new Script();

  /// `via:a/b/deed` calls room `a`, which calls room `b`, which does the deed.
  private void relays() {
    script.answers("via", cue -> relay(cue, cue.argument()));
    script.answers("critical", cue -> cue.context().critical(() -> relay(cue, cue.argument())));
    script.answers("hello", cue -> "hello from " + cue.context().id().name().orElse("?"));
  }

  private static String relay(Cue cue, String path) throws Exception {
    int slash = path.indexOf('/');
    String room = path.substring(0, slash);
    String rest = path.substring(slash + 1);
    String answer = cue.other(room).say(rest.contains("/") ? "via:" + rest : rest);
    return String.valueOf(answer);
  }

  private static Throwable thrownBy(Lines room, String line) {
    return catchThrowable(() -> room.say(line));
  }

  @Nested
  class Into_a_room_that_waits_for_it {

    @Test
    void T8_is_refused_at_once_over_any_number_of_rooms() {
      relays();
      for (String path : List.of("r/hello", "b/r/hello", "b/c/r/hello")) {
        script.play(
            MANY,
            t -> {
              Instant before = t.execution().instant();
              Throwable thrown = thrownBy(caller(t, "r"), "critical:" + path);
              // The refusal ends the incarnations on its way, as any throw does that is no refusal.
              assertThat(thrown).isInstanceOf(RoomReset.class);
              assertThat(thrown).hasRootCauseInstanceOf(WouldDeadlock.class);
              assertThat(Duration.between(before, t.execution().instant()))
                  .isLessThan(Duration.ofSeconds(1));
            });
      }
    }

    @Test
    void T8_is_refused_inside_an_action_and_a_fan_out_too() {
      script.does(
          "self",
          cue ->
              cue.context()
                  .critical(() -> {
                    Lines self = cue.other("r");
                    cue.context()
                        .await(() -> {
                          assertThat(thrownBy(self, "hello")).isInstanceOf(WouldDeadlock.class);
                          return null;
                        });
                    assertThat(
                            catchThrowable(
                                () -> cue.context().all(List.of(() -> self.say("hello")))))
                        .isInstanceOf(WouldDeadlock.class);
                    cue.note("done");
                    return null;
                  }));
      script.play(t -> {
        join(t).send("self");
        t.settle();
        assertThat(script.watch().handlerFailures).isEmpty();
        assertThat(script.notes()).containsExactly("done");
      });
    }

    @Test
    void T8_the_refusal_can_be_caught_in_the_same_turn() {
      script.does(
          "self",
          cue ->
              cue.context()
                  .critical(() -> {
                    cue.put("k", "v");
                    assertThat(thrownBy(cue.other("r"), "hello"))
                        .isInstanceOfSatisfying(
                            WouldDeadlock.class,
                            error -> {
                              assertThat(error).hasMessageContaining("room/r");
                              assertThat(error.retryable()).isFalse();
                              assertThat(error.outcome())
                                  .isEqualTo(RoomException.Outcome.NOT_APPLIED);
                            });
                    cue.put("l", "v");
                    return null;
                  }));
      script.play(t -> {
        List<WriteSet> sets = Script.recorded(t);
        join(t).send("self");
        t.settle();
        assertThat(sets).singleElement().satisfies(set -> assertThat(set.changes()).hasSize(2));
      });
    }

    @Test
    void T8_a_start_holds_its_gate_as_a_critical_section_does() {
      relays();
      script.does(
          Script.START,
          cue -> {
            if (cue.context().id().name().orElse("").equals("r")) {
              cue.note(String.valueOf(catchThrowable(() -> relay(cue, "b/r/hello"))));
            }
          });
      script.play(t -> {
        asking(t, "hello");
        t.settle();
        assertThat(script.notes())
            .singleElement()
            .asString()
            .contains("RoomReset", "WouldDeadlock");
      });
    }

    @Test
    void T8_two_sections_that_call_each_other_end_by_their_limit() {
      relays();
      script.play(t -> {
        Signal both = t.execution().signal();
        script.does(
            "cross",
            cue ->
                cue.context()
                    .critical(() -> {
                      cue.context()
                          .await(() -> {
                            both.await();
                            return null;
                          });
                      return relay(cue, cue.argument() + "/hello");
                    }));
        long one = asking(t, "cross:b");
        long two = t.requesting(ROOM, "b", HttpCall.of("GET", "cross/r"));
        t.settle();
        both.complete();
        t.advance(Duration.ofSeconds(35));
        // The first to be reset opens its gate, so that the other may still get its answer.
        assertThat(List.of(ended(t, one), ended(t, two))).contains("reset");
        assertThat(ask(t, "hello")).isEqualTo("hello from r");
      });
    }
  }

  private static String ended(RoomTester t, long exchange) {
    return switch (t.sockets().answer(exchange)) {
      case Answer.Declined(RoomReset _) -> "reset";
      case Answer.Replied _ -> "answered";
      case null, default -> throw new AssertionError("neither reset nor answered");
    };
  }

  @Nested
  class Into_a_room_that_only_waits_for_an_answer {

    @Test
    void T8_a_room_may_call_a_room_that_calls_it_back() {
      relays();
      script.play(
          MANY,
          t -> {
            assertThat(ask(t, "via:b/r/hello")).isEqualTo("hello from r");
            assertThat(ask(t, "via:r/hello")).as("even itself").isEqualTo("hello from r");
          });
    }

    @Test
    void T8_a_section_may_call_other_rooms() {
      relays();
      script.play(t -> assertThat(ask(t, "critical:b/c/hello")).isEqualTo("hello from c"));
    }
  }

  @Nested
  class Depth_and_time {

    @Test
    void T8_calls_are_at_most_64_deep() {
      script.answers(
          "deeper",
          cue -> {
            int depth = Integer.parseInt(cue.argument());
            cue.note(cue.argument());
            try {
              return cue.other("room" + depth % 3).say("deeper:" + (depth + 1));
            } catch (WouldDeadlock e) {
              return depth + " " + e.getMessage();
            }
          });
      script.play(t -> {
        assertThat(caller(t, "r").say("deeper:1")).startsWith("64 ").contains("room/", "64");
        assertThat(script.notes()).hasSize(64);
      });
    }

    @Test
    void T8_a_call_has_a_deadline_of_thirty_seconds() {
      script.play(t -> {
        Signal never = t.execution().signal();
        script.does(
            "hang",
            cue ->
                cue.context()
                    .await(() -> {
                      never.await();
                      return null;
                    }));
        script.answers(
            "call",
            cue -> {
              Instant before = cue.context().clock().instant();
              Throwable thrown = thrownBy(cue.other("b"), "hang");
              assertThat(thrown)
                  .isInstanceOfSatisfying(
                      CallTimeout.class,
                      error -> {
                        assertThat(error).hasMessageContaining("room/b");
                        assertThat(error.outcome()).isEqualTo(RoomException.Outcome.UNKNOWN);
                        assertThat(error.retryable()).isTrue();
                      });
              return "" + Duration.between(before, cue.context().clock().instant()).toSeconds();
            });
        assertThat(ask(t, "call")).isEqualTo("30");
        assertThat(thrownBy(caller(t, "b"), "hang")).isInstanceOf(CallTimeout.class);
      });
    }

    @Test
    void T8_calls_made_on_behalf_of_a_call_share_its_deadline() {
      script.play(t -> {
        Signal never = t.execution().signal();
        script.does(
            "hang",
            cue ->
                cue.context()
                    .await(() -> {
                      never.await();
                      return null;
                    }));
        script.does(
            "slow call",
            cue -> {
              cue.context().sleep(Duration.ofSeconds(20));
              Instant before = cue.context().clock().instant();
              Throwable thrown = thrownBy(cue.other("c"), "hang");
              cue.note(
                  thrown.getClass().getSimpleName()
                      + " after "
                      + Duration.between(before, cue.context().clock().instant()).toSeconds());
            });
        script.does("outer", cue -> thrownBy(cue.other("b"), "slow call"));
        join(t).send("outer");
        t.advance(Duration.ofSeconds(60));
        assertThat(script.notes())
            .singleElement()
            .asString()
            .startsWith("CallTimeout after ")
            .matches(".* (9|10)");
      });
    }
  }

  @Nested
  class What_a_call_carries {

    /// Holds a list that a careless callee might change.
    private Script sharing(List<Object> kept) {
      return script
          .declared(builder -> builder.calls(Sharing.class))
          .does(
              "call",
              cue -> {
                List<String> mine = new ArrayList<>(List.of("a"));
                List<String> theirs =
                    cue.context().rooms().stub(Sharing.class, ROOM, "b").share(mine);
                assertThat(mine).containsExactly("a");
                assertThat(theirs).containsExactly("a", "b");
                kept.add(mine);
                cue.note("checked");
              });
    }

    @Test
    void T8_arguments_and_results_are_copies() {
      List<Object> kept = new ArrayList<>();
      sharing(kept)
          .play(t -> {
            join(t).send("call");
            t.settle();
            assertThat(script.notes()).containsExactly("checked");
          });
    }

    @Test
    void T8_a_room_can_send_a_request_to_another() {
      relays();
      script.answers(
          "request",
          cue -> {
            RoomId b = cue.context().rooms().idFromName(ROOM, "b");
            return cue.context().rooms().request(b, HttpCall.of("GET", "hello")).text();
          });
      script.play(t -> assertThat(ask(t, "request")).isEqualTo("hello from b"));
    }

    @Test
    void T8_an_interface_that_the_namespace_does_not_declare_cannot_be_called() {
      script.play(t ->
          assertThat(catchThrowable(() -> t.rooms().stub(Runnable.class, ROOM, "r")))
              .isInstanceOf(IllegalArgumentException.class)
              .hasMessageContaining("java.lang.Runnable"));
    }

    @Test
    void T4_a_refusal_reaches_the_caller_as_it_was_thrown() {
      script.does(
          "refuse",
          cue -> {
            throw new Refusal.VersionConflict(41, "moved on");
          });
      script.answers(
          "call",
          cue -> {
            Throwable thrown = thrownBy(cue.other("b"), "refuse");
            return ((Refusal.VersionConflict) thrown).current() + " " + thrown.getMessage();
          });
      script.does("pass on", cue -> cue.other("b").say("refuse"));
      script.play(t -> {
        assertThat(ask(t, "call")).isEqualTo("41 moved on");
        assertThat(t.requested(ROOM, "r", HttpCall.of("GET", "pass on")))
            .isInstanceOfSatisfying(
                Answer.Declined.class,
                no -> assertThat(no.error()).isInstanceOf(Refusal.VersionConflict.class));
      });
    }
  }
}
