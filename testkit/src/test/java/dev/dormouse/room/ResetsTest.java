package dev.dormouse.room;

import static dev.dormouse.room.Script.MANY;
import static dev.dormouse.room.Script.ROOM;
import static dev.dormouse.room.Script.ask;
import static dev.dormouse.room.Script.asking;
import static dev.dormouse.room.Script.declined;
import static dev.dormouse.room.Script.join;
import static dev.dormouse.room.Script.stored;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.dormouse.room.RoomException.RoomReset;
import dev.dormouse.room.spi.Execution.Signal;
import dev.dormouse.testkit.FakeConnection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/// T5: incarnations, and what is left of one that is over.
class ResetsTest {
  private final Script script = new Script();

  @Nested
  class A_reset {

    @Test
    void T5_wakes_suspended_handlers_with_RoomReset() {
      script.play(
          MANY,
          t -> {
            Signal never = t.execution().signal();
            List<Throwable> thrown = new ArrayList<>();
            Map<String, Script.Quiet> waits =
                Map.of(
                    "await",
                        cue ->
                            cue.context()
                                .await(() -> {
                                  never.await();
                                  return "";
                                }),
                    "sleep", cue -> cue.context().sleep(Duration.ofHours(1)),
                    "call", cue -> cue.other("other").say("wait:await"),
                    "all",
                        cue ->
                            cue.context()
                                .all(
                                    List.of(() ->
                                        String.valueOf(cue.other("other").say("wait:await")))),
                    "sync",
                        cue -> {
                          cue.put("k", "v");
                          t.store().hold();
                          cue.storage().sync();
                        });
            script.does(
                "wait",
                cue -> {
                  try {
                    waits.getOrDefault(cue.argument(), _ -> {}).by(cue);
                  } catch (Throwable e) {
                    thrown.add(e);
                    throw e;
                  }
                });
            script.does(
                "fail",
                cue -> {
                  throw new IllegalStateException("broken");
                });
            FakeConnection ada = join(t);
            waits.keySet().stream()
                .sorted()
                .forEach(wait -> {
                  ada.send("wait:" + wait);
                  t.settle();
                });
            assertThat(thrown).isEmpty();
            ada.send("fail");
            t.settle();
            assertThat(thrown)
                .hasSize(5)
                .allSatisfy(each ->
                    assertThat(each)
                        .isInstanceOfSatisfying(
                            RoomReset.class,
                            reset ->
                                assertThat(reset.reason())
                                    .isEqualTo(RoomReset.Reason.HANDLER_THREW)));
            assertThat(stored(t, "k")).isEmpty();
            t.store().letAll();
            t.settle();
            assertThat(stored(t, "k")).as("a submitted turn stands").contains("v");
          });
    }

    @Test
    void T5_forgets_handlers_that_wait_at_the_gate_to_go_on() {
      script.play(
          MANY,
          t -> {
            Signal go = t.execution().signal();
            Signal blocked = t.execution().signal();
            script.does(
                "wait",
                cue -> {
                  cue.context()
                      .await(() -> {
                        go.await();
                        return null;
                      });
                  cue.note("never");
                });
            script.does(
                "block and fail",
                cue -> {
                  blocked.await();
                  throw new IllegalStateException("broken");
                });
            script.answers("hello", _ -> "hello");
            FakeConnection ada = join(t);
            ada.send("wait");
            ada.send("wait");
            ada.send("block and fail");
            ada.send("hello");
            t.settle();
            go.complete();
            t.settle();
            blocked.complete();
            t.settle();
            assertThat(ada.texts()).containsExactly("hello");
            assertThat(script.notes()).isEmpty();
          });
    }

    @Test
    void T5_old_code_that_goes_on_changes_nothing() {
      script.play(
          MANY,
          t -> {
            Signal go = t.execution().signal();
            script.does(
                "stubborn",
                cue -> {
                  cue.put("k", "first");
                  try {
                    cue.context()
                        .await(() -> {
                          go.await();
                          return null;
                        });
                  } catch (RoomReset e) {
                    cue.note("caught");
                  }
                  assertThat(catchThrowable(() -> cue.put("k", "second")))
                      .isInstanceOf(RoomReset.class);
                  assertThat(catchThrowable(() -> cue.tell("second")))
                      .isInstanceOf(RoomReset.class);
                  cue.note("done");
                });
            script.does(
                "fail",
                cue -> {
                  throw new IllegalStateException("broken");
                });
            script.answers("look", cue -> cue.get("k").orElse("none"));
            FakeConnection ada = join(t);
            ada.send("stubborn");
            t.settle();
            ada.send("fail");
            ada.send("look");
            t.settle();
            assertThat(script.notes()).containsExactly("caught", "done");
            assertThat(ada.texts()).containsExactly("first");
            assertThat(script.watch().handlerFailures).hasSize(1);
          });
    }

    @Test
    void T5_abort_is_one_from_inside_and_catching_it_changes_nothing() {
      script.play(t -> {
        script.answers(
            "abort",
            cue -> {
              cue.put("k", "never");
              cue.tell("never");
              try {
                throw cue.context().abort("had enough");
              } catch (RoomReset e) {
                cue.note(String.valueOf(e.getMessage()));
              }
              assertThat(catchThrowable(() -> cue.put("k", "either")))
                  .isInstanceOf(RoomReset.class);
              return "went on";
            });
        script.answers("hello", _ -> "hello");
        FakeConnection ada = join(t);
        ada.send("abort");
        t.settle();
        assertThat(script.notes()).first().asString().contains("room/r", "had enough");
        assertThat(ada.texts()).isEmpty();
        assertThat(stored(t, "k")).isEmpty();
        assertThat(script.watch().handlerFailures).isEmpty();
        assertThat(ask(t, "hello")).isEqualTo("hello");
        assertThat(script.instances()).hasSize(2);
      });
    }

    @Test
    void T5_abort_is_told_to_whoever_asked() {
      script.play(t -> {
        script.does(
            "abort",
            cue -> {
              throw cue.context().abort("had enough");
            });
        long exchange = asking(t, "abort");
        t.settle();
        assertThat(declined(t, exchange))
            .isInstanceOfSatisfying(
                RoomReset.class,
                reset -> assertThat(reset.reason()).isEqualTo(RoomReset.Reason.ABORTED));
      });
    }
  }

  @Nested
  class An_abort_from_outside {

    @Test
    void T5_ends_what_the_room_is_at_and_is_no_failure() {
      script.play(t -> {
        Signal never = t.execution().signal();
        script.does(
            "hang",
            cue -> {
              cue.put("k", "never");
              never.await();
            });
        script.answers("hello", _ -> "hello");
        // More often than a room may fail before it has to rest (T6).
        for (int i = 0; i < 8; i++) {
          long exchange = asking(t, "hang");
          t.settle();
          assertThat(t.node().abort(t.id(ROOM, "r"), "it hangs")).isTrue();
          t.settle();
          assertThat(declined(t, exchange))
              .hasMessageContaining("it hangs")
              .isInstanceOfSatisfying(
                  RoomReset.class,
                  reset -> assertThat(reset.reason()).isEqualTo(RoomReset.Reason.ABORTED));
        }
        assertThat(stored(t, "k")).isEmpty();
        assertThat(ask(t, "hello")).isEqualTo("hello");
      });
    }

    @Test
    void T5_leaves_a_room_that_falls_asleep() {
      script.play(t -> {
        Signal never = t.execution().signal();
        script.does("hang", _ -> never.await());
        long exchange = asking(t, "hang");
        t.settle();
        assertThat(t.node().abort(t.id(ROOM, "r"), "it hangs")).isTrue();
        t.advance(Duration.ofMinutes(1));
        assertThat(declined(t, exchange)).isInstanceOf(RoomReset.class);
        assertThat(t.node().awake()).isZero();
      });
    }

    @Test
    void T5_wakes_nobody() {
      script.play(t -> {
        assertThat(t.node().abort(t.id(ROOM, "r"), "it hangs")).isFalse();
        assertThat(t.node().awake()).isZero();
      });
    }
  }

  @Nested
  class A_turn_over_its_limit {

    @Test
    void T5_is_interrupted_and_reset() {
      script.play(t -> {
        Signal never = t.execution().signal();
        script.does(
            "hang",
            cue -> {
              cue.put("k", "never");
              try {
                never.await();
              } catch (InterruptedException e) {
                cue.note("interrupted");
                throw e;
              }
            });
        script.answers("hello", _ -> "hello");
        FakeConnection ada = join(t);
        long exchange = asking(t, "hang");
        ada.send("hello");
        t.advance(Duration.ofSeconds(29));
        assertThat(script.notes()).isEmpty();
        t.advance(Duration.ofSeconds(2));
        assertThat(script.notes()).containsExactly("interrupted");
        assertThat(declined(t, exchange))
            .isInstanceOfSatisfying(
                RoomReset.class,
                reset -> {
                  assertThat(reset.reason()).isEqualTo(RoomReset.Reason.OVER_LIMIT);
                  assertThat(reset.retryable()).isTrue();
                });
        assertThat(script.watch().overLimit).hasSize(1);
        assertThat(ada.texts()).containsExactly("hello");
        assertThat(stored(t, "k")).isEmpty();
      });
    }

    @Test
    void T5_holds_nobody_up_even_if_it_ignores_the_interrupt() {
      script.play(
          MANY,
          t -> {
            Signal go = t.execution().signal();
            script.does(
                "hang",
                cue -> {
                  boolean gone = false;
                  while (!gone) {
                    try {
                      go.await();
                      gone = true;
                    } catch (InterruptedException e) {
                      cue.note("ignored");
                    }
                  }
                  assertThat(catchThrowable(() -> cue.put("k", "late")))
                      .isInstanceOf(RoomReset.class);
                  cue.note("back");
                });
            script.answers("hello", _ -> "hello");
            FakeConnection ada = join(t);
            ada.send("hang");
            t.advance(Duration.ofSeconds(31));
            ada.send("hello");
            t.settle();
            assertThat(script.notes()).containsExactly("ignored");
            assertThat(ada.texts()).containsExactly("hello");
            go.complete();
            t.settle();
            ada.send("hello");
            t.settle();
            assertThat(script.notes()).containsExactly("ignored", "back");
            assertThat(ada.texts()).containsExactly("hello", "hello");
            assertThat(stored(t, "k")).isEmpty();
          });
    }

    @Test
    void T5_waiting_does_not_count() {
      script.play(t -> {
        script.answers(
            "patient",
            cue -> {
              for (int i = 0; i < 4; i++) {
                cue.context().sleep(Duration.ofSeconds(20));
              }
              return "done";
            });
        FakeConnection ada = join(t);
        ada.send("patient");
        t.advance(Duration.ofSeconds(81));
        assertThat(ada.texts()).containsExactly("done");
      });
    }
  }
}
