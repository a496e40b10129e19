package dev.dormouse.room;

import static dev.dormouse.room.Script.MANY;
import static dev.dormouse.room.Script.ROOM;
import static dev.dormouse.room.Script.asking;
import static dev.dormouse.room.Script.caller;
import static dev.dormouse.room.Script.declined;
import static dev.dormouse.room.Script.join;
import static org.assertj.core.api.Assertions.assertThat;

import dev.dormouse.room.spi.Event;
import dev.dormouse.room.spi.Execution.Signal;
import dev.dormouse.room.spi.Sockets.Intake;
import dev.dormouse.testkit.FakeConnection;
import dev.dormouse.testkit.RoomTester;
import java.util.Map;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/// O5, O6: what need not wait, and how much may.
class HeldOutputTest {
  private final Script script = new Script().answers("hello", _ -> "hello");

  @Nested
  class SendUngated {

    @Test
    void O5_leaves_when_its_turn_ends_without_waiting_for_the_disk() {
      script.does(
          "ungated",
          cue -> {
            cue.put("k", cue.argument());
            cue.tell("gated " + cue.argument());
            cue.connection().sendUngated(Message.of("ungated " + cue.argument()));
          });
      script.play(
          MANY,
          t -> {
            FakeConnection ada = join(t);
            t.store().hold();
            ada.send("ungated:1");
            ada.send("ungated:2");
            t.settle();
            assertThat(ada.texts()).containsExactly("ungated 1", "ungated 2");
            t.store().letAll();
            t.settle();
            assertThat(ada.texts()).containsExactly("ungated 1", "ungated 2", "gated 1", "gated 2");
          });
    }

    @Test
    void O5_waits_for_the_end_of_its_turn_and_is_gone_if_that_throws() {
      script.play(t -> {
        Signal go = t.execution().signal();
        script.does(
            "block",
            cue -> {
              cue.connection().sendUngated(Message.of("ungated"));
              go.await();
            });
        script.does(
            "fail",
            cue -> {
              cue.connection().sendUngated(Message.of("never"));
              throw new IllegalStateException("broken");
            });
        FakeConnection ada = join(t);
        ada.send("block");
        ada.send("fail");
        t.settle();
        assertThat(ada.texts()).isEmpty();
        go.complete();
        t.settle();
        assertThat(ada.texts()).containsExactly("ungated");
      });
    }
  }

  @Nested
  class A_room_that_is_behind {

    private void assertBehindAndBack(RoomTester t, FakeConnection ada, int messages) {
      t.settle();
      long request = asking(t, "hello");
      long upgrade = t.sockets().nextKey();
      t.node().post(t.id(ROOM, "r"), new Event.Connect(upgrade, RoomTester.upgrade(Map.of())));
      t.settle();
      assertThat(declined(t, request))
          .isInstanceOf(Refusal.Overloaded.class)
          .hasMessageContaining("room/r");
      assertThat(declined(t, upgrade)).isInstanceOf(Refusal.Overloaded.class);
      assertThat(org.assertj.core.api.Assertions.catchThrowable(() -> caller(t, "r").say("hello")))
          .isInstanceOf(Refusal.Overloaded.class);
      assertThat(ada.intake()).isEqualTo(Intake.PAUSE);
      assertThat(t.sockets().resumed()).isZero();
      t.store().letAll();
      t.settle();
      assertThat(t.sockets().resumed()).isPositive();
      assertThat(ada.texts()).as("no message is dropped").hasSize(messages);
      assertThat(Script.ask(t, "hello")).isEqualTo("hello");
      ada.send("hello");
      assertThat(ada.intake()).isEqualTo(Intake.OPEN);
    }

    @Test
    void O6_with_output_refuses_callers_and_stops_reading_but_drops_nothing() {
      script
          .limits(RoomLimits.defaults().withBacklog(1_000, 2_000))
          .play(t -> {
            script.answers(
                "big",
                cue -> {
                  cue.put("k", "v");
                  return "x".repeat(500);
                });
            FakeConnection ada = join(t);
            t.store().hold();
            for (int i = 0; i < 4; i++) {
              ada.send("big");
              t.settle();
            }
            ada.send("big");
            assertBehindAndBack(t, ada, 5);
          });
    }

    @Test
    void O6_with_events_does_the_same() {
      script
          .limits(RoomLimits.defaults().withBacklog(10, 1_000_000))
          .play(t -> {
            script.answers(
                "wait",
                cue -> {
                  cue.put("k", "v");
                  cue.storage().sync();
                  return "done";
                });
            FakeConnection ada = join(t);
            t.store().hold();
            for (int i = 0; i < 12; i++) {
              ada.send("wait");
            }
            assertBehindAndBack(t, ada, 12);
          });
    }

    @Test
    void O6_with_writes_that_wait_for_the_disk_does_the_same() {
      script
          .limits(RoomLimits.defaults().withBacklog(1_000, 2_000).withTurn(3_000, 3_000))
          .play(t -> {
            script.does("write", cue -> cue.storage().put("k", new byte[1_000]));
            FakeConnection ada = join(t);
            t.store().hold();
            for (int i = 0; i < 5; i++) {
              ada.send("write");
              t.settle();
            }
            ada.send("hello");
            assertThat(t.node().waiting()).isGreaterThan(5_000);
            assertBehindAndBack(t, ada, 1);
            t.settle();
            assertThat(t.node().waiting()).isZero();
          });
    }

    @Test
    void O6_held_replies_count_with_their_bodies() {
      script
          .limits(RoomLimits.defaults().withBacklog(1_000, 2_000))
          .play(t -> {
            script.answers(
                "big",
                cue -> {
                  cue.put("k", "v");
                  return "x".repeat(3_000);
                });
            t.store().hold();
            asking(t, "big");
            t.settle();
            long second = asking(t, "hello");
            t.settle();
            assertThat(declined(t, second)).isInstanceOf(Refusal.Overloaded.class);
            t.store().letAll();
          });
    }
  }
}
