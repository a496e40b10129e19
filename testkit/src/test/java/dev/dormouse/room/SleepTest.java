package dev.dormouse.room;

import static dev.dormouse.room.Script.ROOM;
import static dev.dormouse.room.Script.ask;
import static dev.dormouse.room.Script.asking;
import static dev.dormouse.room.Script.caller;
import static dev.dormouse.room.Script.join;
import static org.assertj.core.api.Assertions.assertThat;

import dev.dormouse.room.spi.Effect;
import dev.dormouse.room.spi.KeptAwake;
import dev.dormouse.room.spi.KeptAwake.Condition;
import dev.dormouse.room.spi.RoomReport;
import dev.dormouse.testkit.FakeConnection;
import dev.dormouse.testkit.MemoryConnectionRecords.Call;
import dev.dormouse.testkit.RoomTester;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/// H1 to H4: when a room falls asleep, what keeps it awake, and what it knows when it wakes.
class SleepTest {
  private static final Duration IDLE = Duration.ofSeconds(10);

  private final Script script =
      new Script()
          .answers("hello", _ -> "hello")
          .does("put", cue -> cue.put("key", cue.argument()))
          .answers("get", cue -> cue.get("key").orElse("nothing"))
          .answers("count", cue -> "" + cue.context().connections().count());

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static RoomReport report(RoomTester t) {
    return t.node().report(t.id(ROOM, "r")).join();
  }

  private static List<Condition> evict(RoomTester t) {
    var done = t.node().evict(t.id(ROOM, "r"));
    t.settle();
    return done.join().stream().map(KeptAwake::condition).toList();
  }

  /// Waits for a report of a room that sleeps, which comes from the records.
  private static RoomReport asleep(RoomTester t) {
    var report = t.node().report(t.id(ROOM, "r"));
    t.settle();
    return report.join();
  }

  @Nested
  class An_idle_room {
    @Test
    void H1_leaves_the_memory_after_its_idle_time_and_not_before() {
      script.play(t -> {
        ask(t, "put:one");
        t.advance(IDLE.minusSeconds(1));
        assertThat(t.node().awake()).isEqualTo(1);
        t.advance(Duration.ofSeconds(2));
        assertThat(t.node().awake()).isZero();
        assertThat(asleep(t).awake()).isFalse();
        assertThat(ask(t, "get")).isEqualTo("one");
      });
    }

    @Test
    void H1_has_the_idle_time_of_its_namespace() {
      script
          .limits(RoomLimits.defaults().withIdle(Duration.ofMinutes(3)))
          .play(t -> {
            ask(t, "hello");
            t.advance(Duration.ofMinutes(2));
            assertThat(t.node().awake()).isEqualTo(1);
            t.advance(Duration.ofMinutes(2));
            assertThat(t.node().awake()).isZero();
          });
    }

    @Test
    void H1_counts_from_its_last_use() {
      script.play(t -> {
        for (int i = 0; i < 5; i++) {
          ask(t, "hello");
          t.advance(Duration.ofSeconds(7));
        }
        assertThat(t.node().awake()).isEqualTo(1);
        assertThat(script.instances()).hasSize(1);
      });
    }

    @Test
    void H3_leaves_no_trace_if_it_has_neither_rows_nor_connections() {
      script.play(t -> {
        ask(t, "hello");
        t.advance(IDLE.multipliedBy(2));
        assertThat(t.records().total()).isZero();
        assertThat(asleep(t).since()).isZero();
        ask(t, "hello");
        assertThat(script.watch().starts).containsOnly(StartCause.CREATED);
      });
    }
  }

  @Nested
  class A_room_stays_awake {
    @Test
    void H4_while_it_was_used_lately_and_says_for_how_long_yet() {
      script.play(t -> {
        ask(t, "hello");
        t.advance(Duration.ofSeconds(4));
        KeptAwake only = report(t).keptAwake().getFirst();
        assertThat(only.condition()).isEqualTo(Condition.RECENTLY_USED);
        assertThat(only.amount()).isBetween(5_500L, 6_000L);
        assertThat(only.words()).contains("may sleep in");
      });
    }

    @Test
    void H1_while_a_handler_waits() {
      script.does("nap", cue -> cue.context().sleep(Duration.ofSeconds(25)));
      script.play(t -> {
        asking(t, "nap");
        t.advance(Duration.ofSeconds(20));
        assertThat(evict(t)).contains(Condition.SUSPENDED);
        t.advance(Duration.ofSeconds(20));
        assertThat(t.node().awake()).isZero();
      });
    }

    @Test
    void T9_while_a_timer_is_set() {
      script.does(
          "later",
          cue ->
              cue.context()
                  .after(
                      Duration.ofSeconds(30),
                      () -> {
                        cue.note("rang");
                        return null;
                      }));
      script.play(t -> {
        asking(t, "later");
        t.advance(Duration.ofSeconds(25));
        assertThat(evict(t)).containsExactly(Condition.TIMERS);
        t.advance(Duration.ofSeconds(25));
        assertThat(script.notes()).containsExactly("rang");
        assertThat(t.node().awake()).isZero();
      });
    }

    @Test
    void H1_while_a_write_is_not_durable_even_if_nothing_waits_for_it() {
      script.does(
          "later",
          cue ->
              cue.context()
                  .after(
                      Duration.ofSeconds(1),
                      () -> {
                        cue.put("key", "late");
                        return null;
                      }));
      script.play(t -> {
        ask(t, "later");
        t.store().hold();
        t.advance(Duration.ofSeconds(60));
        assertThat(evict(t)).containsExactly(Condition.COMMITTING);
        t.store().letAll();
        t.advance(Duration.ofSeconds(20));
        assertThat(t.node().awake()).isZero();
        assertThat(ask(t, "get")).isEqualTo("late");
      });
    }

    @Test
    void H1_while_what_it_said_waits_for_the_disk() {
      script.does("put and tell", cue -> cue.put("key", "value"));
      script.play(t -> {
        ask(t, "hello");
        t.store().hold();
        asking(t, "put and tell");
        t.settle();
        assertThat(evict(t)).contains(Condition.HELD_OUTPUT, Condition.COMMITTING);
        t.store().letAll();
      });
    }

    @Test
    void T6_while_what_is_known_of_its_failures_matters() {
      script.does(
          "fail",
          cue -> {
            throw new IllegalStateException("broken");
          });
      script.play(t -> {
        asking(t, "fail");
        t.settle();
        assertThat(evict(t)).containsExactly(Condition.FAILED_LATELY);
        for (int i = 0; i < 4; i++) {
          asking(t, "fail");
          t.settle();
        }
        // It rests now, and the next rest would be longer.
        t.advance(Duration.ofSeconds(20));
        assertThat(evict(t)).containsExactly(Condition.FAILED_LATELY);
        t.advance(Duration.ofSeconds(40));
        assertThat(t.node().awake()).isZero();
      });
    }

    @Test
    void H4_every_reason_has_words() {
      script.does("nap", cue -> cue.context().sleep(Duration.ofSeconds(25)));
      script.play(t -> {
        asking(t, "nap");
        t.settle();
        assertThat(report(t).keptAwake())
            .allSatisfy(reason -> assertThat(reason.words()).matches(".*[a-z]{3}.*"));
      });
    }
  }

  @Nested
  class A_wake {
    @Test
    void H2_builds_the_room_anew_and_says_why() {
      script.does(Script.START, cue -> cue.note("start " + cue.what()));
      script.play(t -> {
        FakeConnection ada = join(t);
        t.advance(IDLE.multipliedBy(2));
        assertThat(t.node().awake()).isZero();
        ada.send("hello");
        t.settle();
        assertThat(ada.texts()).containsExactly("hello");
        assertThat(script.notes()).containsExactly("start CREATED", "start WOKEN");
        assertThat(script.instances()).hasSize(2);
      });
    }

    @Test
    void A2_is_what_a_call_an_alarm_and_a_request_do() {
      script.does(Script.ALARM, cue -> cue.note("alarm"));
      script.does(
          "set", cue -> cue.alarms().set("a", cue.context().clock().instant().plusSeconds(60)));
      script.play(t -> {
        ask(t, "set");
        t.advance(Duration.ofSeconds(30));
        assertThat(t.node().awake()).isZero();
        t.advance(Duration.ofSeconds(31));
        assertThat(script.notes()).containsExactly("alarm");
        t.advance(Duration.ofSeconds(30));
        assertThat(t.node().awake()).isZero();
        ask(t, "put:x");
        t.advance(Duration.ofSeconds(30));
        assertThat(t.node().awake()).isZero();
        assertThat(caller(t, "r").say("get")).isEqualTo("x");
      });
    }

    @Test
    void C3_finds_tags_and_attachments_as_they_were_left() {
      script.admits(_ -> Admission.accept().tagged("old").attached(bytes("old")));
      script.does(
          "change",
          cue -> {
            cue.connection().tags(java.util.Set.of("new"));
            cue.connection().attach(bytes("new"));
          });
      script.does(
          "who",
          cue ->
              cue.tell(
                  cue.connection().tags()
                      + new String(cue.connection().attachment(), StandardCharsets.UTF_8)));
      script.play(t -> {
        FakeConnection ada = join(t);
        FakeConnection bob = join(t);
        bob.send("change");
        t.advance(IDLE.multipliedBy(2));
        ada.send("who");
        bob.send("who");
        t.settle();
        assertThat(ada.texts()).containsExactly("[old]old");
        assertThat(bob.texts()).containsExactly("[new]new");
        t.advance(IDLE.multipliedBy(2));
        bob.send("who");
        t.settle();
        assertThat(bob.texts()).containsExactly("[new]new", "[new]new");
      });
    }

    @Test
    void C4_reads_only_the_record_of_the_connection_that_speaks() {
      List<Call> calls = new ArrayList<>();
      script.play(t -> {
        calls.clear();
        List<FakeConnection> all = new ArrayList<>();
        for (int i = 0; i < 600; i++) {
          all.add(t.opened(ROOM, "r", Admission.accept().tagged(i % 2 == 0 ? "even" : "odd")));
        }
        t.advance(IDLE.multipliedBy(2));
        assertThat(t.records().count(t.id(ROOM, "r"))).isEqualTo(600);
        t.records()
            .faults((call, _) -> {
              calls.add(call);
              return Optional.empty();
            });
        all.get(7).send("hello");
        t.settle();
        assertThat(calls).containsExactly(Call.SLEPT, Call.READ);
        assertThat(ask(t, "count")).isEqualTo("600");
        assertThat(calls).as("to count reads nothing").containsExactly(Call.SLEPT, Call.READ);
      });
    }

    @Test
    void C4_lists_all_in_the_order_of_their_handshakes_page_by_page() {
      script.answers(
          "list",
          cue -> {
            StringBuilder keys = new StringBuilder();
            cue.context().connections().stream(cue.argument())
                .forEach(connection -> keys.append(connection.key()).append(' '));
            return keys.toString();
          });
      script.play(
          2,
          t -> {
            List<FakeConnection> all = new ArrayList<>();
            for (int i = 0; i < 1_100; i++) {
              all.add(t.opened(ROOM, "r", Admission.accept().tagged(i % 2 == 0 ? "even" : "odd")));
            }
            t.advance(IDLE.multipliedBy(2));
            assertThat(t.node().awake()).isZero();
            all.get(4).close(1000, "");
            all.get(600).close(1000, "");
            all.add(t.opened(ROOM, "r", Admission.accept().tagged("even")));
            t.settle();
            StringBuilder expected = new StringBuilder();
            for (int i = 0; i < all.size(); i++) {
              if (i % 2 == 0 && i != 4 && i != 600) {
                expected.append(all.get(i).key()).append(' ');
              }
            }
            assertThat(ask(t, "list:even")).isEqualTo(expected.toString());
          });
    }

    @Test
    void H2_what_comes_meanwhile_waits_in_order() {
      script.does("note", cue -> cue.note(cue.argument()));
      script.play(
          50,
          t -> {
            FakeConnection ada = join(t);
            ada.send("note:1");
            t.advance(IDLE.multipliedBy(2));
            var done = t.node().evict(t.id(ROOM, "r"));
            for (int i = 2; i < 6; i++) {
              ada.send("note:" + i);
            }
            t.settle();
            assertThat(done.join()).isEmpty();
            assertThat(script.notes()).containsExactly("1", "2", "3", "4", "5");
          });
    }

    @Test
    void C6_an_automatic_response_is_said_again_before_the_first_connection_joins() {
      script.does(
          Script.START,
          cue -> cue.context().connections().autoResponse(Message.of("ping"), Message.of("pong")));
      script.play(t -> {
        ask(t, "hello");
        List<Effect> left = new ArrayList<>();
        t.sockets().probe((_, effect) -> left.add(effect));
        join(t);
        assertThat(left.indexOf(new Effect.AutoRespond(Message.of("ping"), Message.of("pong"))))
            .isNotNegative()
            .isLessThan(left.size() - 1);
        long before = count(left);
        join(t);
        assertThat(count(left)).as("once is enough").isEqualTo(before);
      });
    }

    private static long count(List<Effect> effects) {
      return effects.stream().filter(Effect.AutoRespond.class::isInstance).count();
    }
  }

  @Nested
  class A_room_that_was_reset {
    @Test
    void T4_starts_by_itself_if_anybody_is_connected_and_only_then_sleeps() {
      script.does(
          "fail",
          cue -> {
            throw new IllegalStateException("broken");
          });
      script.play(t -> {
        FakeConnection ada = join(t);
        ada.send("fail");
        t.advance(Duration.ofSeconds(1));
        assertThat(script.watch().starts).containsExactly(StartCause.CREATED, StartCause.RESET);
        t.advance(Duration.ofSeconds(60));
        assertThat(t.node().awake()).isZero();
      });
    }
  }

  @Nested
  class A_room_that_cannot_start {
    @Test
    void T6_does_not_ask_itself_to_over_and_over() {
      script.play(t -> {
        script.does(Script.START, _ -> {});
        FakeConnection ada = join(t);
        script.does(
            Script.START,
            cue -> {
              throw new IllegalStateException("broken");
            });
        script.does(
            "fail",
            cue -> {
              throw new IllegalStateException("broken");
            });
        ada.send("fail");
        t.advance(Duration.ofMinutes(20));
        assertThat(script.watch().handlerFailures).hasSizeGreaterThan(20);
        assertThat(report(t).keptAwake())
            .filteredOn(reason -> reason.condition() == Condition.QUEUED)
            .allSatisfy(reason -> assertThat(reason.amount()).isLessThanOrEqualTo(2));
      });
    }
  }

  @Nested
  class The_operator {
    @Test
    void H4_puts_an_idle_room_to_sleep_at_once_and_wakes_it() {
      script.play(t -> {
        FakeConnection ada = join(t);
        assertThat(evict(t)).isEmpty();
        assertThat(t.node().awake()).isZero();
        assertThat(evict(t)).as("asleep already").isEmpty();
        RoomReport report = asleep(t);
        assertThat(report.connections()).isEqualTo(1);
        assertThat(report.since()).isEqualTo(t.execution().instant().toEpochMilli());
        var awake = t.node().stir(t.id(ROOM, "r"));
        assertThat(awake).isNotDone();
        t.settle();
        assertThat(awake).isCompleted();
        assertThat(script.watch().starts).containsExactly(StartCause.CREATED, StartCause.WOKEN);
        assertThat(report(t).awake()).isTrue();
        assertThat(ada.closed()).isEmpty();
      });
    }
  }

  @Nested
  class When_the_records_cannot_be_written {
    @Test
    void C3_the_room_stays_awake_and_loses_nothing() {
      script.admits(_ -> Admission.accept().attached(bytes("mine")));
      script.does(
          "who",
          cue -> cue.tell(new String(cue.connection().attachment(), StandardCharsets.UTF_8)));
      script.play(t -> {
        FakeConnection ada = t.connect(ROOM, "r", Map.of());
        t.records()
            .faults((call, _) ->
                call == Call.SAVE ? Optional.of("no space on purpose") : Optional.empty());
        t.advance(Duration.ofSeconds(30));
        assertThat(t.node().awake()).isEqualTo(1);
        assertThat(script.watch().broken)
            .isNotEmpty()
            .allSatisfy(error -> assertThat(error).hasMessageContaining("room/r"));
        script.watch().broken.clear();
        t.records().faults((_, _) -> Optional.empty());
        t.advance(Duration.ofSeconds(30));
        assertThat(t.node().awake()).isZero();
        ada.send("who");
        t.settle();
        assertThat(ada.texts()).containsExactly("mine");
      });
    }
  }
}
