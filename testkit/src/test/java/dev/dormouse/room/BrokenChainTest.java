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
import dev.dormouse.room.spi.Event;
import dev.dormouse.testkit.FakeConnection;
import dev.dormouse.testkit.MemoryRoomStore.Verdict;
import dev.dormouse.testkit.RoomTester;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/// O2: what becomes of a room whose write fails.
class BrokenChainTest {
  private final Script script =
      new Script()
          .answers(
              "put",
              cue -> {
                cue.put(cue.argument(), "written");
                return "put " + cue.argument();
              })
          .answers(
              "look",
              cue ->
                  "saw "
                      + cue.storage().list(KeyRange.all()).stream()
                          .map(Storage.Entry::key)
                          .toList())
          .answers("hello", _ -> "hello");

  /// Lets the write sets that change `key` fail with `verdict`.
  static void failing(RoomTester t, String key, Verdict verdict) {
    t.store().faults(set -> set.changes().containsKey(key) ? verdict : new Verdict.Durable());
  }

  static void assertReset(RoomTester t, long exchange, Outcome outcome) {
    assertThat(declined(t, exchange))
        .isInstanceOfSatisfying(
            RoomReset.class,
            reset -> {
              assertThat(reset.reason()).isEqualTo(RoomReset.Reason.COMMIT_FAILED);
              assertThat(reset.outcome()).isEqualTo(outcome);
              assertThat(reset.retryable()).isTrue();
              assertThat(reset).hasMessageContaining("room/r");
            });
  }

  @Nested
  class A_write_that_fails {

    @Test
    void O2_takes_all_later_turns_with_it_and_no_earlier_one() {
      for (Verdict verdict :
          List.of(
              new Verdict.Rejected("no"), new Verdict.Unknown(false), new Verdict.Unknown(true))) {
        script.play(
            MANY,
            t -> {
              FakeConnection ada = join(t);
              failing(t, "b", verdict);
              t.store().hold();
              ada.send("put:a");
              ada.send("put:b");
              ada.send("look");
              ada.send("put:c");
              ada.send("look");
              t.settle();
              assertThat(t.store().waiting()).isEqualTo(3);
              t.store().letAll();
              t.settle();
              assertThat(ada.texts()).containsExactly("put a");
              assertThat(ada.closed()).isEmpty();
              assertThat(stored(t, "c")).isEmpty();

              boolean applied = verdict instanceof Verdict.Unknown(boolean yes) && yes;
              ada.send("look");
              t.settle();
              assertThat(ada.texts().getLast()).isEqualTo(applied ? "saw [a, b]" : "saw [a]");
              assertThat(script.instances()).as("the room was reset").hasSize(2);
              assertThat(script.watch().commitFailures).hasSize(1);

              t.store().faults(_ -> new Verdict.Durable());
              ada.send("put:d");
              t.settle();
              assertThat(ada.texts().getLast()).as("a new chain begins").isEqualTo("put d");
              assertThat(stored(t, "d")).contains("written");
            });
      }
    }

    @Test
    void T1_keeps_events_in_order_though_it_fails_while_an_instance_starts() {
      script
          .answers("say", cue -> "said " + cue.argument())
          .does(
              "throw",
              _ -> {
                throw new IllegalStateException("as the test wants it");
              });
      script.play(
          4 * MANY,
          t -> {
            FakeConnection ada = join(t);
            failing(t, "b", new Verdict.Rejected("no"));
            t.store().hold();
            ada.send("put:b");
            t.settle();
            ada.send("throw");
            ada.send("say:1");
            ada.send("say:2");
            ada.send("say:3");
            t.execution().start("disk", () -> t.store().letAll());
            t.settle();
            ada.send("say:4");
            t.settle();
            // What was handled when the write failed is lost with it; the rest goes on behind it.
            List<String> all = List.of("said 1", "said 2", "said 3", "said 4");
            List<String> heard = ada.texts();
            assertThat(heard).isNotEmpty();
            assertThat(heard).isEqualTo(all.subList(4 - heard.size(), 4));
          });
    }

    @Test
    void O2_rejected_before_the_sync_was_not_applied() {
      assertOutcome(new Verdict.Rejected("no"), Outcome.NOT_APPLIED);
    }

    @Test
    void O2_lost_in_the_sync_has_an_unknown_outcome() {
      assertOutcome(new Verdict.Unknown(true), Outcome.UNKNOWN);
      assertOutcome(new Verdict.Unknown(false), Outcome.UNKNOWN);
    }

    private void assertOutcome(Verdict verdict, Outcome outcome) {
      script.play(
          MANY,
          t -> {
            join(t);
            failing(t, "b", verdict);
            t.store().hold();
            long writer = asking(t, "put:b");
            long reader = asking(t, "look");
            long upgrade = t.sockets().nextKey();
            t.node()
                .post(t.id(ROOM, "r"), new Event.Connect(upgrade, RoomTester.upgrade(Map.of())));
            List<Throwable> called = new ArrayList<>();
            t.execution()
                .start(
                    "caller", () -> called.add(catchThrowable(() -> caller(t, "r").say("look"))));
            t.settle();
            t.store().letAll();
            t.settle();
            assertReset(t, writer, outcome);
            assertReset(t, reader, outcome);
            assertReset(t, upgrade, outcome);
            assertThat(called)
                .singleElement()
                .isInstanceOfSatisfying(
                    RoomReset.class, reset -> assertThat(reset.outcome()).isEqualTo(outcome));
          });
    }

    @Test
    void O2_is_never_told_as_a_refusal() {
      script.does(
          "refuse",
          cue -> {
            throw new Refusal.NotFound("there is no " + cue.argument());
          });
      for (Verdict verdict : List.of(new Verdict.Rejected("no"), new Verdict.Unknown(true))) {
        script.play(t -> {
          FakeConnection ada = join(t);
          failing(t, "b", verdict);
          t.store().hold();
          ada.send("put:b");
          long exchange = asking(t, "refuse:b");
          ada.send("refuse:b");
          t.settle();
          t.store().letAll();
          t.settle();
          assertThat(declined(t, exchange)).isInstanceOf(RoomReset.class);
          assertThat(ada.refusals()).isEmpty();
        });
      }
    }

    @Test
    void O2_at_once_is_no_different() {
      script.answers(
          "fill up",
          cue -> {
            cue.put("b", "written");
            cue.note("filled");
            return "never";
          });
      script.play(
          MANY,
          t -> {
            FakeConnection ada = join(t);
            t.execution()
                .at(
                    "room.turn-ends",
                    _ -> {
                      if (script.notes().size() == 1) {
                        t.store().trouble("the disk is full");
                      }
                    });
            long exchange = asking(t, "fill up");
            t.settle();
            assertReset(t, exchange, Outcome.NOT_APPLIED);
            script.note("over");
            t.store().trouble(null);
            assertThat(ask(t, "look")).isEqualTo("saw []");
            ada.send("hello");
            t.settle();
            assertThat(ada.texts()).containsExactly("hello");
          });
    }
  }

  @Nested
  class What_discarded_turns_did_to_connections {

    @Test
    void O2_is_taken_back() {
      script.does(
          "change",
          cue -> {
            cue.connection().tags(Set.of(cue.argument()));
            cue.connection().attach(cue.argument().getBytes(StandardCharsets.UTF_8));
          });
      script.does("close", cue -> cue.connection().close(CloseStatus.of(CloseCode.NORMAL)));
      script.answers(
          "what",
          cue ->
              cue.connection().tags()
                  + " "
                  + new String(cue.connection().attachment(), StandardCharsets.UTF_8)
                  + " "
                  + cue.context().connections().count());
      script.play(
          MANY,
          t -> {
            FakeConnection ada = join(t);
            FakeConnection bob = join(t);
            ada.send("change:before");
            t.settle();
            failing(t, "b", new Verdict.Rejected("no"));
            t.store().hold();
            ada.send("put:b");
            ada.send("change:after");
            ada.send("change:later");
            bob.send("close");
            t.settle();
            t.store().letAll();
            t.settle();
            assertThat(bob.closed()).isEmpty();
            ada.send("what");
            bob.send("hello");
            t.settle();
            assertThat(ada.texts()).containsExactly("[before] before 2");
            assertThat(bob.texts()).containsExactly("hello");
          });
    }

    @Test
    void O2_joining_and_leaving_are_facts_that_stay() {
      script.does(Script.CLOSE, cue -> cue.note("closed"));
      script.does(Script.OPEN, cue -> cue.tell("welcome"));
      script.play(
          MANY,
          t -> {
            FakeConnection ada = join(t);
            FakeConnection bob = join(t);
            failing(t, "b", new Verdict.Rejected("no"));
            t.store().hold();
            ada.send("put:b");
            bob.vanish();
            FakeConnection cyd = t.opened(ROOM, "r", Admission.accept());
            t.settle();
            t.store().letAll();
            t.settle();
            assertThat(cyd.texts()).as("said by a turn that never was").isEmpty();
            script.answers("count", cue -> "" + cue.context().connections().count());
            ada.send("count");
            cyd.send("hello");
            t.settle();
            assertThat(ada.texts()).containsExactly("welcome", "2");
            assertThat(cyd.texts()).containsExactly("hello");
          });
    }
  }

  @Test
  void O2_events_that_arrive_while_a_chain_breaks_are_handled_or_answered_once() {
    script.play(
        MANY,
        t -> {
          FakeConnection ada = join(t);
          failing(t, "b", new Verdict.Rejected("no"));
          List<Long> exchanges = new ArrayList<>();
          for (int i = 0; i < 4; i++) {
            ada.send("put:b");
            exchanges.add(asking(t, "look"));
            t.execution().pass();
            exchanges.add(asking(t, "put:a" + i));
          }
          FakeConnection late = t.opened(ROOM, "r", Admission.accept());
          late.send("hello");
          t.advance(java.time.Duration.ofSeconds(2));
          assertThat(exchanges)
              .allSatisfy(each -> assertThat(t.sockets().answer(each)).isNotNull());
          t.store().faults(_ -> new Verdict.Durable());
          assertThat(ask(t, "hello")).isEqualTo("hello");
        });
  }
}
