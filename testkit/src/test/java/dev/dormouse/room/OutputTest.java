package dev.dormouse.room;

import static dev.dormouse.room.Script.MANY;
import static dev.dormouse.room.Script.ROOM;
import static dev.dormouse.room.Script.asking;
import static dev.dormouse.room.Script.caller;
import static dev.dormouse.room.Script.join;
import static org.assertj.core.api.Assertions.assertThat;

import dev.dormouse.room.spi.Effect;
import dev.dormouse.room.spi.Event;
import dev.dormouse.testkit.FakeConnection;
import dev.dormouse.testkit.RoomTester;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/// O1, O3, O4, O5, O6: what leaves a room, and when.
class OutputTest {
  private final Script script =
      new Script()
          .does("put", cue -> cue.put("k", cue.argument()))
          .answers("look", cue -> cue.get("k").orElse("none"))
          .answers("hello", _ -> "hello")
          .does("broadcast", cue -> cue.broadcast(cue.argument()))
          .does("close", cue -> cue.connection().close(CloseStatus.of(CloseCode.NORMAL)));

  @Nested
  class What_leaves_waits_for_the_writes_before_it {

    @Test
    void O1_whatever_it_is() {
      script
          .does("call", cue -> cue.other("b").say("note:called"))
          .does(
              "act",
              cue ->
                  cue.context()
                      .await(() -> {
                        cue.note("acted");
                        return null;
                      }))
          .does(
              "refuse",
              cue -> {
                throw new Refusal.Refused(409, "no");
              })
          .does("note", cue -> cue.note(cue.argument()));
      script.play(
          MANY,
          t -> {
            FakeConnection ada = join(t);
            FakeConnection bob = join(t);
            FakeConnection cyd = join(t);
            RoomId room = t.id(ROOM, "r");
            t.store().hold();
            ada.send("put:1");
            t.settle();
            int left = t.sockets().log().size();

            ada.send("hello");
            ada.send("broadcast:all");
            bob.send("close");
            cyd.send("refuse");
            ada.send("call");
            ada.send("act");
            long request = asking(t, "look");
            long upgrade = t.sockets().nextKey();
            t.node().post(room, new Event.Connect(upgrade, RoomTester.upgrade(Map.of())));
            List<String> answers = new ArrayList<>();
            t.execution().start("caller", () -> answers.add(answer(caller(t, "r"), "look")));
            t.settle();
            assertThat(t.sockets().log()).hasSize(left);
            assertThat(script.notes()).isEmpty();
            assertThat(answers).isEmpty();

            t.store().letOne();
            t.settle();
            assertThat(ada.texts()).containsExactly("hello", "all");
            assertThat(bob.closed()).contains(CloseStatus.of(CloseCode.NORMAL));
            assertThat(cyd.refusals()).hasSize(1);
            assertThat(script.notes()).containsExactlyInAnyOrder("called", "acted");
            assertThat(t.sockets().answer(request)).isNotNull();
            assertThat(t.sockets().answer(upgrade)).isNotNull();
            assertThat(answers).containsExactly("1");
          });
    }

    @Test
    void O1_writes_do_not_wait_and_commits_pipeline() {
      script.answers(
          "count",
          cue -> {
            String next = "" + (Integer.parseInt(cue.get("n").orElse("0")) + 1);
            cue.put("n", next);
            return next;
          });
      script.play(
          MANY,
          t -> {
            FakeConnection ada = join(t);
            t.store().hold();
            for (int i = 0; i < 5; i++) {
              ada.send("count");
            }
            t.settle();
            assertThat(t.store().waiting()).as("all turns ran").isEqualTo(5);
            assertThat(ada.texts()).isEmpty();
            List<String> expected = new ArrayList<>();
            for (int i = 1; i <= 5; i++) {
              t.store().letOne();
              t.settle();
              expected.add("" + i);
              assertThat(ada.texts()).containsExactlyElementsOf(expected);
            }
          });
    }

    @Test
    void O1_only_for_writes_of_the_same_room() {
      script.play(t -> {
        FakeConnection ada = join(t);
        FakeConnection other = t.connect(ROOM, "other");
        t.store().hold();
        ada.send("put:1");
        other.send("hello");
        t.settle();
        assertThat(other.texts()).containsExactly("hello");
        t.store().letAll();
      });
    }

    @Test
    void O1_blocking_work_outside_await_is_not_gated() {
      script.does(
          "careless",
          cue -> {
            cue.put("k", "v");
            cue.note("sent an e-mail");
          });
      script.play(t -> {
        t.store().hold();
        join(t).send("careless");
        t.settle();
        assertThat(script.notes()).containsExactly("sent an e-mail");
        t.store().letAll();
      });
    }

    @Test
    void O1_holds_for_rooms_that_run_on_the_reading_thread() {
      script
          .declared(Namespace.Builder::nonBlocking)
          .play(t -> {
            FakeConnection ada = join(t);
            t.store().hold();
            t.node()
                .reading(() -> {
                  ada.send("put:1");
                  ada.send("look");
                });
            t.settle();
            assertThat(ada.texts()).isEmpty();
            t.store().letOne();
            t.settle();
            assertThat(ada.texts()).containsExactly("1");
          });
    }
  }

  @Test
  void O3_a_room_rebuilt_after_a_throw_sees_what_its_earlier_turns_submitted() {
    script.does(
        "fail",
        cue -> {
          throw new IllegalStateException("broken");
        });
    script.does("note", cue -> cue.note(cue.get("k").orElse("none")));
    script.play(
        MANY,
        t -> {
          FakeConnection ada = join(t);
          t.store().hold();
          ada.send("put:1");
          ada.send("fail");
          ada.send("note");
          ada.send("put:2");
          ada.send("fail");
          ada.send("note");
          t.settle();
          assertThat(script.notes()).containsExactly("1", "2");
          assertThat(script.instances()).hasSize(3);
          t.store().letAll();
          t.settle();
          assertThat(Script.stored(t, "k")).contains("2");
        });
  }

  @Nested
  class The_order_of_effects {

    @Test
    void O4_is_the_order_of_turns_whatever_each_waits_for() {
      script.answers(
          "write",
          cue -> {
            cue.put("k", cue.argument());
            return cue.argument();
          });
      script.answers("read", Cue::argument);
      script.play(
          MANY,
          t -> {
            FakeConnection ada = join(t);
            t.execution().at("store.before-commit", _ -> t.execution().pass());
            List<String> expected = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
              ada.send((i % 3 == 0 ? "write:" : "read:") + i);
              expected.add("" + i);
            }
            t.settle();
            assertThat(ada.texts()).containsExactlyElementsOf(expected);
          });
    }

    @Test
    void O4_accepts_and_closes_are_part_of_it() {
      script.play(
          MANY,
          t -> {
            List<String> order = new ArrayList<>();
            FakeConnection ada = join(t);
            FakeConnection bob = join(t);
            t.sockets()
                .probe((_, effect) ->
                    order.add(
                        switch (effect) {
                          case Effect.Broadcast(_, Message.Text text, _) -> text.text();
                          case Effect.Close _ -> "close";
                          case Effect.Admit _ -> "admit";
                          default -> effect.getClass().getSimpleName();
                        }));
            t.store().hold();
            ada.send("broadcast:1");
            ada.send("put:1");
            t.node().post(t.id(ROOM, "r"), new Event.Connect(99, RoomTester.upgrade(Map.of())));
            ada.send("broadcast:2");
            bob.send("close");
            ada.send("put:2");
            ada.send("broadcast:3");
            t.store().letAll();
            t.settle();
            assertThat(order).containsSubsequence("1", "admit", "2", "close", "3");
          });
    }

    @Test
    void O4_a_broadcast_reaches_exactly_the_connections_open_at_its_place() {
      script.play(
          MANY,
          t -> {
            FakeConnection ada = join(t);
            FakeConnection bob = join(t);
            FakeConnection cyd = join(t);
            t.store().hold();
            ada.send("put:1");
            ada.send("broadcast:1");
            bob.send("close");
            ada.send("broadcast:2");
            cyd.vanish();
            FakeConnection dan = t.opened(ROOM, "r", Admission.accept());
            ada.send("broadcast:3");
            t.settle();
            t.store().letAll();
            t.settle();
            assertThat(ada.texts()).containsExactly("1", "2", "3");
            assertThat(bob.texts()).containsExactly("1");
            assertThat(cyd.texts()).as("its socket is gone").isEmpty();
            assertThat(dan.texts()).containsExactly("3");
          });
    }

    @Test
    void O4_a_broadcast_spares_whom_it_excepts_and_goes_by_the_tags_of_its_place() {
      script.does("tag", cue -> cue.connection().tags(Set.of(cue.argument())));
      script.does(
          "to",
          cue ->
              cue.context().connections().broadcastTo(cue.argument(), Message.of(cue.argument())));
      script.does(
          "others",
          cue -> cue.context().connections().broadcast(Message.of("others"), cue.connection()));
      script.play(
          MANY,
          t -> {
            FakeConnection ada = join(t);
            FakeConnection bob = join(t);
            t.store().hold();
            bob.send("put:1");
            ada.send("tag:red");
            bob.send("to:red");
            ada.send("tag:blue");
            bob.send("to:red");
            bob.send("to:blue");
            ada.send("others");
            t.store().letAll();
            t.settle();
            assertThat(ada.texts()).containsExactly("red", "blue");
            assertThat(bob.texts()).containsExactly("others");
          });
    }

    @Test
    void O4_a_send_to_a_closed_connection_is_dropped_and_counted() {
      script.play(t -> {
        List<Connection> kept = new ArrayList<>();
        script.does("keep", cue -> kept.add(cue.connection()));
        script.does("send", _ -> kept.getFirst().send("too late"));
        FakeConnection ada = join(t);
        FakeConnection bob = join(t);
        ada.send("keep");
        ada.send("close");
        t.settle();
        bob.send("send");
        t.settle();
        assertThat(ada.texts()).isEmpty();
        assertThat(t.sockets().dropped()).isEqualTo(1);
        assertThat(script.watch().handlerFailures).isEmpty();
      });
    }
  }

  private static String answer(Lines room, String line) {
    try {
      return String.valueOf(room.say(line));
    } catch (Exception e) {
      return e.toString();
    }
  }
}
