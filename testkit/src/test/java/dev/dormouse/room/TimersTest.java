package dev.dormouse.room;

import static dev.dormouse.room.Script.MANY;
import static dev.dormouse.room.Script.ask;
import static dev.dormouse.room.Script.asking;
import static dev.dormouse.room.Script.join;
import static dev.dormouse.room.Script.recorded;
import static dev.dormouse.room.Script.stored;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.dormouse.room.spi.Execution.Signal;
import dev.dormouse.room.spi.WriteSet;
import dev.dormouse.testkit.FakeConnection;
import dev.dormouse.testkit.MemoryRoomStore.Verdict;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/// T9: work after a reply, volatile timers, fanning out.
class TimersTest {
  private final Script script = new Script();

  private static Work<?, RuntimeException> noting(Cue cue, String note) {
    return () -> {
      cue.note(note);
      return null;
    };
  }

  @Nested
  class Work_after_a_reply {

    @Test
    void T9_runs_as_an_event_of_its_own_once_the_reply_has_left() {
      script.play(
          MANY,
          t -> {
            script.answers(
                "work",
                cue -> {
                  cue.put("k", "v");
                  cue.context()
                      .afterReply(() -> {
                        cue.put("after", "v");
                        cue.note("after");
                        return null;
                      });
                  return "reply";
                });
            script.does("other", cue -> cue.note("other"));
            List<WriteSet> sets = recorded(t);
            FakeConnection ada = join(t);
            t.store().hold();
            long exchange = asking(t, "work");
            ada.send("other");
            t.settle();
            assertThat(script.notes()).containsExactly("other");
            t.store().letOne();
            t.settle();
            assertThat(t.sockets().answer(exchange)).isNotNull();
            assertThat(script.notes()).containsExactly("other", "after");
            t.store().letAll();
            t.settle();
            assertThat(sets).hasSize(2);
            assertThat(stored(t, "after")).contains("v");
          });
    }

    @Test
    void T9_never_happens_if_the_turn_fails_or_its_writes_do() {
      script.play(t -> {
        script.does(
            "throw",
            cue -> {
              cue.context().afterReply(noting(cue, "after a throw"));
              throw new IllegalStateException("broken");
            });
        script.does(
            "refuse",
            cue -> {
              cue.context().afterReply(noting(cue, "after a refusal"));
              throw new Refusal.Refused(409, "no");
            });
        script.does(
            "unwritten",
            cue -> {
              cue.put("k", "v");
              cue.context().afterReply(noting(cue, "after a failed write"));
            });
        FakeConnection ada = join(t);
        t.store().faults(_ -> new Verdict.Rejected("no"));
        ada.send("throw");
        ada.send("refuse");
        ada.send("unwritten");
        t.settle();
        assertThat(script.notes()).isEmpty();
        assertThat(script.watch().commitFailures).hasSize(1);
      });
    }

    @Test
    void T9_takes_at_most_fifteen_minutes() {
      script.play(t -> {
        Signal never = t.execution().signal();
        script.does(
            "work",
            cue ->
                cue.context()
                    .afterReply(() -> {
                      try {
                        cue.context()
                            .await(() -> {
                              never.await();
                              return null;
                            });
                      } catch (RoomException.RoomReset e) {
                        cue.note(e.reason().name());
                        throw e;
                      }
                      return null;
                    }));
        script.answers("hello", _ -> "hello");
        join(t).send("work");
        t.advance(Duration.ofMinutes(14));
        assertThat(ask(t, "hello")).isEqualTo("hello");
        assertThat(script.notes()).isEmpty();
        t.advance(Duration.ofMinutes(2));
        assertThat(script.notes()).containsExactly("OVER_LIMIT");
        assertThat(ask(t, "hello")).isEqualTo("hello");
      });
    }

    @Test
    void T9_is_gone_with_its_incarnation() {
      script.play(t -> {
        Signal go = t.execution().signal();
        script.does("work", cue -> cue.context().afterReply(noting(cue, "after")));
        script.does(
            "block and fail",
            cue -> {
              go.await();
              throw new IllegalStateException("broken");
            });
        FakeConnection ada = join(t);
        ada.send("work");
        ada.send("block and fail");
        t.settle();
        go.complete();
        t.advance(Duration.ofMinutes(1));
        // The work came to the gate before the failure, or behind it: never after a rebuild.
        assertThat(script.notes()).isEmpty();
      });
    }

    @Test
    void T9_keeps_the_room_from_being_idle() {
      script.play(t -> {
        script.does(
            "work",
            cue ->
                cue.context()
                    .afterReply(() -> {
                      cue.context().sleep(Duration.ofSeconds(20));
                      cue.note("done");
                      return null;
                    }));
        join(t).send("work");
        t.settle();
        assertThat(t.node().stop(Duration.ofSeconds(30))).isTrue();
        assertThat(script.notes()).containsExactly("done");
      });
    }
  }

  @Nested
  class A_volatile_timer {

    @Test
    void T9_runs_its_work_as_an_event_of_its_own() {
      script.play(t -> {
        script.does(
            "set",
            cue ->
                cue.context()
                    .after(
                        Duration.ofSeconds(10),
                        () -> {
                          cue.put("k", "v");
                          cue.broadcast("ring");
                          return null;
                        }));
        FakeConnection ada = join(t);
        ada.send("set");
        t.advance(Duration.ofSeconds(9));
        assertThat(ada.texts()).isEmpty();
        t.advance(Duration.ofSeconds(2));
        assertThat(ada.texts()).containsExactly("ring");
        assertThat(stored(t, "k")).contains("v");
      });
    }

    @Test
    void T9_waits_its_turn_at_the_gate() {
      script.play(
          MANY,
          t -> {
            Signal go = t.execution().signal();
            script.does(
                "set", cue -> cue.context().after(Duration.ofSeconds(1), noting(cue, "ring")));
            script.does(
                "block",
                cue -> {
                  go.await();
                  cue.note("blocked");
                });
            FakeConnection ada = join(t);
            ada.send("set");
            ada.send("block");
            t.advance(Duration.ofSeconds(5));
            assertThat(script.notes()).isEmpty();
            go.complete();
            t.settle();
            assertThat(script.notes()).containsExactly("blocked", "ring");
          });
    }

    @Test
    void T9_is_set_and_cancelled_as_part_of_the_turn() {
      script.play(t -> {
        List<RoomContext.Timer> timers = new ArrayList<>();
        script.does(
            "set",
            cue -> timers.add(cue.context().after(Duration.ofSeconds(2), noting(cue, "ring"))));
        script.does(
            "set and fail",
            cue -> {
              cue.context().after(Duration.ofSeconds(2), noting(cue, "never"));
              throw new Refusal.Refused(409, "no");
            });
        script.does(
            "set and cancel",
            cue -> cue.context().after(Duration.ofSeconds(2), noting(cue, "never")).cancel());
        script.does(
            "cancel and fail",
            cue -> {
              timers.getFirst().cancel();
              throw new Refusal.Refused(409, "no");
            });
        script.does("cancel", _ -> timers.getFirst().cancel());
        FakeConnection ada = join(t);
        for (String deed : List.of("set and fail", "set and cancel", "set", "cancel and fail")) {
          ada.send(deed);
        }
        t.advance(Duration.ofSeconds(3));
        assertThat(script.notes()).containsExactly("ring");
        timers.clear();
        ada.send("set");
        ada.send("cancel");
        t.advance(Duration.ofSeconds(3));
        assertThat(script.notes()).containsExactly("ring");
      });
    }

    @Test
    void T9_cancelled_while_its_work_waits_at_the_gate_does_not_run() {
      script.play(
          MANY,
          t -> {
            Signal go = t.execution().signal();
            List<RoomContext.Timer> timers = new ArrayList<>();
            script.does(
                "set",
                cue ->
                    timers.add(cue.context().after(Duration.ofSeconds(1), noting(cue, "never"))));
            script.does(
                "block and cancel",
                _ -> {
                  go.await();
                  timers.getFirst().cancel();
                });
            FakeConnection ada = join(t);
            ada.send("set");
            ada.send("block and cancel");
            t.advance(Duration.ofSeconds(2));
            go.complete();
            t.settle();
            assertThat(script.notes()).isEmpty();
          });
    }

    @Test
    void T9_is_gone_on_a_reset() {
      script.play(t -> {
        script.does("set", cue -> cue.context().after(Duration.ofSeconds(2), noting(cue, "ring")));
        script.does(
            "fail",
            cue -> {
              throw new IllegalStateException("broken");
            });
        asking(t, "set");
        asking(t, "fail");
        t.advance(Duration.ofSeconds(5));
        assertThat(script.notes()).isEmpty();
        assertThat(script.instances()).as("nor does it wake the room").hasSize(1);
      });
    }
  }

  @Nested
  class All {

    @Test
    void T9_fans_out_in_one_wait_and_returns_results_in_order() {
      script.play(
          MANY,
          t -> {
            Signal go = t.execution().signal();
            script.answers(
                "slow",
                cue -> {
                  cue.note("begun");
                  cue.context()
                      .await(() -> {
                        go.await();
                        return null;
                      });
                  return cue.argument();
                });
            script.answers(
                "fan out",
                cue -> {
                  cue.put("before", "1");
                  Lines b = cue.other("b");
                  Lines c = cue.other("c");
                  List<String> results =
                      cue.context()
                          .all(
                              List.of(
                                  () -> String.valueOf(b.say("slow:1")),
                                  () -> String.valueOf(c.say("slow:2")),
                                  () -> "3"));
                  cue.put("after", "1");
                  return String.join(" ", results);
                });
            List<WriteSet> sets = recorded(t);
            FakeConnection ada = join(t);
            ada.send("fan out");
            t.settle();
            assertThat(script.notes()).as("both at once").containsExactly("begun", "begun");
            go.complete();
            t.settle();
            assertThat(ada.texts()).containsExactly("1 2 3");
            assertThat(sets).as("one turn before, one after").hasSize(2);
          });
    }

    @Test
    void E1_the_first_failure_is_thrown_with_later_ones_suppressed_after_all_have_ended() {
      script.play(
          MANY,
          t -> {
            Exception first = new Exception("first");
            Exception second = new IllegalStateException("second");
            script.does(
                "fan out",
                cue -> {
                  Throwable thrown =
                      catchThrowable(() ->
                          cue.context()
                              .all(
                                  List.of(
                                      () -> {
                                        t.execution().pass();
                                        throw first;
                                      },
                                      () -> {
                                        throw second;
                                      },
                                      () -> {
                                        t.execution().pass();
                                        cue.note("third ended");
                                        return "3";
                                      })));
                  assertThat(thrown).isSameAs(first);
                  assertThat(thrown.getSuppressed()).containsExactly(second);
                  assertThat(script.notes()).containsExactly("third ended");
                  cue.note("checked");
                });
            join(t).send("fan out");
            t.settle();
            assertThat(script.notes()).containsExactly("third ended", "checked");
          });
    }
  }
}
