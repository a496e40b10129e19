package dev.dormouse.room;

import static dev.dormouse.room.BrokenChainTest.assertReset;
import static dev.dormouse.room.BrokenChainTest.failing;
import static dev.dormouse.room.Script.MANY;
import static dev.dormouse.room.Script.ask;
import static dev.dormouse.room.Script.asking;
import static dev.dormouse.room.Script.declined;
import static dev.dormouse.room.Script.join;
import static dev.dormouse.room.Script.stored;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.dormouse.room.RoomException.Outcome;
import dev.dormouse.room.RoomException.RoomReset;
import dev.dormouse.room.spi.Execution.Signal;
import dev.dormouse.testkit.FakeConnection;
import dev.dormouse.testkit.MemoryRoomStore.Verdict;
import java.util.List;
import org.junit.jupiter.api.Test;

/// O2: what becomes of handlers under way when a write of their room fails.
class BrokenHandlersTest {
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

  @Test
  void O2_are_reset_whether_they_run_or_wait() {
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
                cue.note("never");
              });
          script.does(
              "block",
              cue -> {
                try {
                  go.await();
                } catch (InterruptedException e) {
                  // Goes on, as plain Java may.
                }
                assertThat(catchThrowable(() -> cue.put("k", "v"))).isInstanceOf(RoomReset.class);
                cue.note("blocked");
              });
          FakeConnection ada = join(t);
          failing(t, "b", new Verdict.Rejected("no"));
          long waiting = asking(t, "wait");
          t.settle();
          t.store().hold();
          ada.send("put:b");
          long blocking = asking(t, "block");
          t.settle();
          t.store().letAll();
          t.settle();
          assertReset(t, blocking, Outcome.NOT_APPLIED);
          assertThat(declined(t, waiting)).isInstanceOf(RoomReset.class);
          go.complete();
          t.settle();
          assertThat(script.notes()).containsExactly("blocked");
          assertThat(ask(t, "hello")).isEqualTo("hello");
          assertThat(script.watch().handlerFailures).isEmpty();
        });
  }

  @Test
  void O2_whose_only_write_was_rejected_were_not_applied() {
    script.does(
        "sync",
        cue -> {
          cue.put("b", "written");
          cue.storage().sync();
          cue.note("never");
        });
    script.play(
        MANY,
        t -> {
          failing(t, "b", new Verdict.Rejected("no"));
          long exchange = asking(t, "sync");
          t.settle();
          assertReset(t, exchange, Outcome.NOT_APPLIED);
          assertThat(script.notes()).isEmpty();
        });
  }

  @Test
  void O2_whose_earlier_turn_stands_have_an_unknown_outcome() {
    script.does(
        "two turns",
        cue -> {
          cue.put("a", "written");
          cue.storage().sync();
          cue.put("b", "written");
        });
    script.does(
        "three turns",
        cue -> {
          cue.put("a", "written");
          cue.storage().sync();
          cue.put("b", "written");
          cue.storage().sync();
        });
    for (String deed : List.of("two turns", "three turns")) {
      script.play(
          MANY,
          t -> {
            failing(t, "b", new Verdict.Rejected("no"));
            long exchange = asking(t, deed);
            t.settle();
            assertReset(t, exchange, Outcome.UNKNOWN);
            assertThat(stored(t, "a")).contains("written");
          });
    }
  }

  @Test
  void O2_a_start_whose_write_fails_is_no_different() {
    script.play(
        MANY,
        t -> {
          script.does(Script.START, cue -> cue.put("b", "started"));
          failing(t, "b", new Verdict.Rejected("no"));
          t.store().hold();
          long exchange = asking(t, "look");
          t.settle();
          t.store().letAll();
          t.settle();
          assertReset(t, exchange, Outcome.NOT_APPLIED);
          script.does(Script.START, _ -> {});
          assertThat(ask(t, "look")).isEqualTo("saw []");
        });
  }
}
