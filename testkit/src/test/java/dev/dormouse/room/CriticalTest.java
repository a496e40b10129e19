package dev.dormouse.room;

import static dev.dormouse.room.Script.MANY;
import static dev.dormouse.room.Script.asking;
import static dev.dormouse.room.Script.declined;
import static dev.dormouse.room.Script.join;
import static dev.dormouse.room.Script.stored;
import static org.assertj.core.api.Assertions.assertThat;

import dev.dormouse.room.RoomException.RoomReset;
import dev.dormouse.room.spi.Execution.Signal;
import dev.dormouse.testkit.FakeConnection;
import java.time.Duration;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/// T7 and T8: critical sections and starts.
class CriticalTest {
  private final Script script = new Script();

  @Nested
  class A_critical_section {

    @Test
    void T7_keeps_all_other_events_out_through_its_waits() {
      script.play(
          MANY,
          t -> {
            Signal go = t.execution().signal();
            script.does(
                "critical",
                cue ->
                    cue.context()
                        .critical(() -> {
                          cue.note("in");
                          cue.context()
                              .await(() -> {
                                go.await();
                                return null;
                              });
                          cue.note("still in");
                          cue.storage().sync();
                          cue.note("out");
                          return null;
                        }));
            script.does("note", cue -> cue.note(cue.argument()));
            FakeConnection ada = join(t);
            ada.send("critical");
            ada.send("note:message");
            asking(t, "note:request");
            t.settle();
            assertThat(script.notes()).containsExactly("in");
            go.complete();
            t.settle();
            assertThat(script.notes())
                .containsExactly("in", "still in", "out", "message", "request");
          });
    }

    @Test
    void T7_keeps_suspended_handlers_out_too() {
      script.play(
          MANY,
          t -> {
            Signal first = t.execution().signal();
            Signal second = t.execution().signal();
            script.does(
                "wait",
                cue -> {
                  cue.context()
                      .await(() -> {
                        first.await();
                        return null;
                      });
                  cue.note("resumed");
                });
            script.does(
                "critical",
                cue ->
                    cue.context()
                        .critical(() -> {
                          cue.context()
                              .await(() -> {
                                second.await();
                                return null;
                              });
                          cue.note("critical");
                          return null;
                        }));
            FakeConnection ada = join(t);
            ada.send("wait");
            ada.send("critical");
            t.settle();
            first.complete();
            t.settle();
            assertThat(script.notes()).isEmpty();
            second.complete();
            t.settle();
            assertThat(script.notes()).containsExactly("critical", "resumed");
          });
    }

    @Test
    void T7_is_not_atomic_since_each_wait_is_a_commit_point() {
      script.play(t -> {
        script.does(
            "half",
            cue ->
                cue.context()
                    .critical(() -> {
                      cue.put("first", "1");
                      cue.storage().sync();
                      cue.put("second", "2");
                      throw new IllegalStateException("broken");
                    }));
        join(t).send("half");
        t.settle();
        assertThat(stored(t, "first")).contains("1");
        assertThat(stored(t, "second")).isEmpty();
      });
    }

    @Test
    void T7_nests_and_ends_with_the_outermost() {
      script.play(t -> {
        Signal go = t.execution().signal();
        script.does(
            "nested",
            cue -> {
              cue.context()
                  .critical(() -> {
                    cue.context().critical(() -> null);
                    cue.storage().sync();
                    cue.note("inside");
                    return null;
                  });
              cue.context()
                  .await(() -> {
                    go.await();
                    return null;
                  });
              cue.note("after");
            });
        script.does("note", cue -> cue.note(cue.argument()));
        FakeConnection ada = join(t);
        ada.send("nested");
        ada.send("note:other");
        t.settle();
        assertThat(script.notes()).containsExactly("inside", "other");
        go.complete();
        t.settle();
        assertThat(script.notes()).containsExactly("inside", "other", "after");
      });
    }

    @Test
    void T7_a_refusal_out_of_it_opens_the_gate() {
      script.play(t -> {
        script.does(
            "refuse",
            cue ->
                cue.context()
                    .critical(() -> {
                      cue.storage().sync();
                      throw new Refusal.Refused(409, "no");
                    }));
        script.answers("hello", _ -> "hello");
        FakeConnection ada = join(t);
        ada.send("refuse");
        ada.send("hello");
        t.settle();
        assertThat(ada.texts()).containsExactly("hello");
        assertThat(script.instances()).hasSize(1);
      });
    }

    @Test
    void T8_ends_after_thirty_seconds_with_a_reset() {
      script.play(t -> {
        Signal never = t.execution().signal();
        script.does(
            "hang",
            cue ->
                cue.context()
                    .critical(() ->
                        cue.context()
                            .await(() -> {
                              never.await();
                              return null;
                            })));
        script.answers("hello", _ -> "hello");
        FakeConnection ada = join(t);
        long exchange = asking(t, "hang");
        ada.send("hello");
        t.advance(Duration.ofSeconds(29));
        assertThat(t.sockets().answer(exchange)).isNull();
        assertThat(ada.texts()).isEmpty();
        t.advance(Duration.ofSeconds(2));
        assertThat(declined(t, exchange))
            .isInstanceOfSatisfying(
                RoomReset.class,
                reset -> assertThat(reset.reason()).isEqualTo(RoomReset.Reason.OVER_LIMIT));
        assertThat(ada.texts()).containsExactly("hello");
      });
    }

    @Test
    void T8_its_turns_together_count_against_the_limit() {
      script.play(t -> {
        script.does(
            "slow",
            cue ->
                cue.context()
                    .critical(() -> {
                      for (int i = 0; i < 4; i++) {
                        cue.context().sleep(Duration.ofSeconds(10));
                      }
                      cue.note("never");
                      return null;
                    }));
        long exchange = asking(t, "slow");
        t.advance(Duration.ofSeconds(45));
        assertThat(declined(t, exchange)).isInstanceOf(RoomReset.class);
        assertThat(script.notes()).isEmpty();
      });
    }
  }

  @Nested
  class A_start {

    @Test
    void T7_keeps_all_events_out_and_each_wait_in_it_is_a_commit_point() {
      script.play(
          MANY,
          t -> {
            Signal go = t.execution().signal();
            script.does(
                Script.START,
                cue -> {
                  cue.put("first", "1");
                  cue.context()
                      .await(() -> {
                        go.await();
                        return null;
                      });
                  cue.put("second", "2");
                  cue.note("started");
                });
            script.answers(
                "look",
                cue -> {
                  cue.note("look");
                  return cue.get("first").orElse("") + cue.get("second").orElse("");
                });
            long exchange = asking(t, "look");
            asking(t, "look");
            t.settle();
            assertThat(script.notes()).isEmpty();
            assertThat(stored(t, "first")).contains("1");
            assertThat(t.sockets().answer(exchange)).isNull();
            go.complete();
            t.settle();
            assertThat(script.notes()).containsExactly("started", "look", "look");
            assertThat(stored(t, "second")).contains("2");
          });
    }

    @Test
    void T8_ends_after_thirty_seconds_with_a_reset() {
      script.play(t -> {
        Signal never = t.execution().signal();
        script.does(
            Script.START,
            cue ->
                cue.context()
                    .await(() -> {
                      never.await();
                      return null;
                    }));
        long exchange = asking(t, "look");
        t.advance(Duration.ofSeconds(31));
        assertThat(declined(t, exchange)).isInstanceOf(RoomReset.class);
        assertThat(script.watch().overLimit).hasSize(1);
      });
    }
  }
}
