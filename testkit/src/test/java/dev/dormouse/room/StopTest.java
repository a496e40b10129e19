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

import dev.dormouse.room.RoomException.GoingAway;
import dev.dormouse.room.RoomException.RoomReset;
import dev.dormouse.room.spi.Event;
import dev.dormouse.room.spi.Execution.Signal;
import dev.dormouse.testkit.FakeConnection;
import dev.dormouse.testkit.FakeSockets.Answer;
import dev.dormouse.testkit.RoomTester;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// H5, the rooms' part: a stop is a polite crash.
class StopTest {
  private final Script script =
      new Script().answers("hello", _ -> "hello").does("note", cue -> cue.note(cue.argument()));

  /// Stops the node on a thread of its own; what it returned is in the list once it has.
  private static List<Boolean> stopping(RoomTester t, int seconds) {
    List<Boolean> stopped = new ArrayList<>();
    t.execution().start("stop", () -> stopped.add(t.node().stop(Duration.ofSeconds(seconds))));
    t.settle();
    return stopped;
  }

  /// A handler that waits for `go` in an action.
  private void waits(Signal go) {
    script.answers(
        "wait",
        cue -> {
          cue.put("begun", "v");
          cue.context()
              .await(() -> {
                go.await();
                return null;
              });
          cue.put("ended", "v");
          return "done";
        });
  }

  @Test
  void H5_refuses_new_work() {
    script.play(
        MANY,
        t -> {
          Signal go = t.execution().signal();
          waits(go);
          FakeConnection ada = join(t);
          asking(t, "wait");
          t.settle();
          stopping(t, 30);
          long request = asking(t, "hello");
          long upgrade = t.sockets().nextKey();
          t.node().post(t.id(ROOM, "r"), new Event.Connect(upgrade, RoomTester.upgrade(Map.of())));
          ada.send("note:message");
          t.settle();
          assertThat(declined(t, request))
              .isInstanceOfSatisfying(
                  GoingAway.class,
                  error -> {
                    assertThat(error).hasMessageContaining("room/r");
                    assertThat(error.retryable()).isTrue();
                    assertThat(error.outcome()).isEqualTo(RoomException.Outcome.NOT_APPLIED);
                  });
          assertThat(declined(t, upgrade)).isInstanceOf(GoingAway.class);
          assertThat(catchThrowable(() -> caller(t, "r").say("hello")))
              .isInstanceOf(GoingAway.class);
          assertThat(script.notes()).isEmpty();
          go.complete();
          t.settle();
        });
  }

  @Test
  void H5_lets_begun_work_end_and_its_answers_leave() {
    script.play(
        MANY,
        t -> {
          Signal go = t.execution().signal();
          waits(go);
          join(t);
          long exchange = asking(t, "wait");
          t.settle();
          List<Boolean> stopped = stopping(t, 30);
          t.advance(Duration.ofSeconds(5));
          assertThat(stopped).isEmpty();
          t.store().hold();
          go.complete();
          t.advance(Duration.ofSeconds(1));
          assertThat(stopped).as("flushes first").isEmpty();
          t.store().letAll();
          t.advance(Duration.ofSeconds(1));
          assertThat(stopped).containsExactly(true);
          assertThat(t.sockets().answer(exchange)).isNotNull();
          assertThat(stored(t, "ended")).contains("v");
        });
  }

  @Test
  void H5_events_that_waited_already_are_handled() {
    script.play(
        MANY,
        t -> {
          Signal go = t.execution().signal();
          script.does("block", _ -> go.await());
          FakeConnection ada = join(t);
          ada.send("block");
          ada.send("note:waited");
          t.settle();
          List<Boolean> stopped = stopping(t, 30);
          go.complete();
          t.advance(Duration.ofSeconds(1));
          assertThat(stopped).containsExactly(true);
          assertThat(script.notes()).containsExactly("waited");
        });
  }

  @Test
  void H5_begun_work_may_still_call_other_rooms() {
    script.play(t -> {
      Signal go = t.execution().signal();
      script.answers(
          "call later",
          cue -> {
            cue.context()
                .await(() -> {
                  go.await();
                  return null;
                });
            return cue.other("b").say("hello");
          });
      long exchange = asking(t, "call later");
      t.settle();
      List<Boolean> stopped = stopping(t, 30);
      go.complete();
      t.advance(Duration.ofSeconds(1));
      assertThat(stopped).containsExactly(true);
      assertThat(t.sockets().answer(exchange)).isInstanceOf(Answer.Replied.class);
    });
  }

  @Test
  void H5_interrupts_what_is_left_at_the_deadline() {
    script.play(
        MANY,
        t -> {
          Signal never = t.execution().signal();
          waits(never);
          script.does(
              "block",
              cue -> {
                try {
                  never.await();
                } catch (InterruptedException e) {
                  cue.note("interrupted");
                  throw e;
                }
              });
          FakeConnection ada = join(t);
          long exchange = asking(t, "wait");
          t.settle();
          ada.send("block");
          ada.send("note:waited in vain");
          t.settle();
          List<Boolean> stopped = stopping(t, 10);
          t.advance(Duration.ofSeconds(9));
          assertThat(stopped).isEmpty();
          t.advance(Duration.ofSeconds(2));
          assertThat(stopped).containsExactly(false);
          assertThat(declined(t, exchange))
              .isInstanceOfSatisfying(
                  RoomReset.class,
                  reset -> {
                    assertThat(reset.reason()).isEqualTo(RoomReset.Reason.STOPPING);
                    assertThat(reset.outcome()).isEqualTo(RoomException.Outcome.UNKNOWN);
                  });
          t.advance(Duration.ofMinutes(1));
          assertThat(script.notes()).as("nobody enters any more").containsExactly("interrupted");
          assertThat(stored(t, "ended")).isEmpty();
        });
  }

  @Test
  void H5_stops_alarms() {
    script.does(
        "set", cue -> cue.alarms().set("a", cue.context().clock().instant().plusSeconds(5)));
    script.does(Script.ALARM, cue -> cue.note("fired"));
    script.play(t -> {
      Signal never = t.execution().signal();
      waits(never);
      ask(t, "set");
      asking(t, "wait");
      t.settle();
      stopping(t, 20);
      t.advance(Duration.ofSeconds(15));
      assertThat(script.notes()).isEmpty();
      t.advance(Duration.ofSeconds(15));
      t.crash();
      t.advance(Duration.ofSeconds(1));
      assertThat(script.notes()).as("at the next start").containsExactly("fired");
    });
  }

  @Test
  void H5_tells_no_room_of_a_close_and_wakes_none() {
    script.does(Script.CLOSE, cue -> cue.note("closed"));
    script.play(
        MANY,
        t -> {
          Signal go = t.execution().signal();
          waits(go);
          FakeConnection ada = join(t);
          FakeConnection bob = t.connect(ROOM, "idle");
          asking(t, "wait");
          t.settle();
          List<Boolean> stopped = stopping(t, 30);
          ada.close(1001, "going away");
          bob.close(1001, "going away");
          t.settle();
          go.complete();
          t.advance(Duration.ofSeconds(1));
          assertThat(stopped).containsExactly(true);
          assertThat(script.notes()).isEmpty();
        });
  }

  @Test
  void H5_an_idle_node_stops_at_once() {
    script.play(t -> {
      FakeConnection ada = join(t);
      ada.send("hello");
      t.settle();
      var before = t.execution().instant();
      assertThat(t.node().stop(Duration.ofSeconds(30))).isTrue();
      assertThat(Duration.between(before, t.execution().instant()))
          .isLessThan(Duration.ofSeconds(1));
    });
  }

  @Test
  void H5_a_start_after_it_finds_everything() {
    script.does("put", cue -> cue.put("k", "v"));
    script.answers("look", cue -> cue.get("k").orElse("none"));
    script.play(
        MANY,
        t -> {
          join(t).send("put");
          t.settle();
          t.stopAndStart();
          assertThat(ask(t, "look")).isEqualTo("v");
        });
  }
}
