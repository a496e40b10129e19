package dev.dormouse.room;

import static dev.dormouse.room.Script.MANY;
import static dev.dormouse.room.Script.ROOM;
import static dev.dormouse.room.Script.asking;
import static dev.dormouse.room.Script.join;
import static dev.dormouse.room.Script.recorded;
import static dev.dormouse.room.Script.stored;
import static org.assertj.core.api.Assertions.assertThat;

import dev.dormouse.room.spi.AlarmRow;
import dev.dormouse.room.spi.Execution.Signal;
import dev.dormouse.room.spi.WriteSet;
import dev.dormouse.testkit.FakeConnection;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/// T1, T2, T3: events, turns, and what a throw undoes.
class TurnsTest {
  private final Script script = new Script();

  @Nested
  class One_event_at_a_time {

    @Test
    void T1_in_the_order_in_which_they_arrived_and_never_interleaved() {
      script.play(
          MANY,
          t -> {
            script.does(
                "work",
                cue -> {
                  cue.note("in " + cue.argument());
                  t.execution().pass();
                  cue.note("out " + cue.argument());
                });
            List<FakeConnection> clients = List.of(join(t), join(t), join(t));
            List<String> expected = new ArrayList<>();
            for (int i = 0; i < 12; i++) {
              clients.get(i * 7 % 3).send("work:" + i);
              expected.addAll(List.of("in " + i, "out " + i));
            }
            t.settle();
            assertThat(script.notes()).containsExactlyElementsOf(expected);
          });
    }

    @Test
    void T1_messages_requests_calls_and_alarms_share_one_queue() {
      script.play(
          MANY,
          t -> {
            Signal go = t.execution().signal();
            script.does("block", _ -> go.await());
            script.answers(
                "note",
                cue -> {
                  cue.note(cue.argument());
                  return "";
                });
            FakeConnection ada = join(t);
            ada.send("block");
            t.settle();
            ada.send("note:message");
            long exchange = asking(t, "note:request");
            t.execution().start("caller", () -> call(Script.caller(t, "r"), "note:call"));
            t.settle();
            ada.send("note:last");
            go.complete();
            t.settle();
            assertThat(script.notes()).containsExactly("message", "request", "call", "last");
            assertThat(t.sockets().answer(exchange)).isNotNull();
          });
    }

    @Test
    void T1_plain_java_keeps_everybody_out_however_long_it_blocks() {
      script.play(t -> {
        Signal go = t.execution().signal();
        script.does(
            "block",
            cue -> {
              go.await();
              cue.note("blocked");
            });
        script.does("note", cue -> cue.note("next"));
        FakeConnection ada = join(t);
        ada.send("block");
        ada.send("note");
        t.advance(Duration.ofSeconds(29));
        assertThat(script.notes()).isEmpty();
        go.complete();
        t.settle();
        assertThat(script.notes()).containsExactly("blocked", "next");
      });
    }

    @Test
    void T1_rooms_do_not_wait_for_each_other() {
      script.play(t -> {
        Signal go = t.execution().signal();
        script.does("block", _ -> go.await());
        script.answers("hello", _ -> "hello");
        join(t).send("block");
        FakeConnection other = t.connect(ROOM, "other");
        other.send("hello");
        t.settle();
        assertThat(other.texts()).containsExactly("hello");
        go.complete();
      });
    }

    @Test
    void T1_a_room_that_never_blocks_may_run_on_the_thread_that_read_the_message() {
      script
          .declared(Namespace.Builder::nonBlocking)
          .play(t -> {
            List<Thread> threads = new ArrayList<>();
            script.answers(
                "thread",
                cue -> {
                  threads.add(Thread.currentThread());
                  return cue.argument();
                });
            FakeConnection ada = join(t);
            t.node()
                .reading(() -> {
                  ada.send("thread:1");
                  ada.send("thread:2");
                  assertThat(threads).as("runs when the reading ends").isEmpty();
                });
            assertThat(threads).containsExactly(Thread.currentThread(), Thread.currentThread());
            assertThat(ada.texts()).containsExactly("1", "2");

            ada.send("thread:3");
            t.settle();
            assertThat(threads.getLast()).isNotEqualTo(Thread.currentThread());
            assertThat(ada.texts()).containsExactly("1", "2", "3");
          });
    }

    @Test
    void T1_a_room_that_declared_not_to_block_cannot_wait() {
      script
          .declared(Namespace.Builder::nonBlocking)
          .play(t -> {
            script.does(
                "wait",
                cue -> {
                  try {
                    cue.storage().sync();
                  } catch (IllegalStateException e) {
                    cue.note(String.valueOf(e.getMessage()));
                  }
                });
            join(t).send("wait");
            t.settle();
            assertThat(script.notes())
                .singleElement()
                .asString()
                .contains("room/r", "non-blocking");
          });
    }
  }

  @Nested
  class A_throw {

    @Test
    void T3_undoes_the_current_turn_only() {
      List<Supplier<RuntimeException>> throwables =
          List.of(() -> new IllegalStateException("broken"), () -> new Refusal.Refused(409, "no"));
      for (Supplier<RuntimeException> thrown : throwables) {
        script.play(t -> {
          script.does(
              "two turns",
              cue -> {
                act(cue, "1");
                cue.storage().sync();
                act(cue, "2");
                cue.alarms().delete("alarm 1");
                cue.connection().sendUngated(Message.of("ungated 2"));
                cue.broadcast("all 2");
                cue.connection().close(new CloseStatus(3000, "gone"));
                throw thrown.get();
              });
          script.answers(
              "look",
              cue ->
                  "%s %s %s %s"
                      .formatted(
                          cue.get("key").orElse("none"),
                          cue.alarms().list().stream().map(Alarm::name).toList(),
                          cue.connection().tags(),
                          new String(cue.connection().attachment(), StandardCharsets.UTF_8)));
          FakeConnection ada = join(t);
          ada.send("two turns");
          t.settle();
          assertThat(ada.texts()).containsExactly("said 1");
          assertThat(ada.closed()).isEmpty();
          assertThat(stored(t, "key")).contains("1");
          assertThat(t.disk().alarms(t.id(ROOM, "r")))
              .extracting(AlarmRow::name)
              .containsExactly("alarm 1");
          ada.send("look");
          t.settle();
          assertThat(ada.texts().getLast()).isEqualTo("1 [alarm 1] [tag1] attached 1");
        });
      }
    }

    private void act(Cue cue, String turn) {
      cue.put("key", turn);
      cue.tell("said " + turn);
      cue.alarms().set("alarm " + turn, Instant.parse("2031-01-01T00:00:00Z"));
      cue.connection().attach(("attached " + turn).getBytes(StandardCharsets.UTF_8));
      cue.connection().tags(Set.of("tag" + turn));
    }

    @Test
    void T3_undone_tags_are_not_broadcast_to() {
      script.play(t -> {
        script.does(
            "tag",
            cue -> {
              cue.connection().tags(Set.of("vip"));
              throw new Refusal.Refused(409, "no");
            });
        script.does(
            "to vips",
            cue -> cue.context().connections().broadcastTo("vip", Message.of("for vips")));
        FakeConnection ada = join(t);
        ada.send("tag");
        ada.send("to vips");
        t.settle();
        assertThat(ada.texts()).isEmpty();
      });
    }

    @Test
    void T3_in_the_first_turn_leaves_nothing_behind() {
      script.play(t -> {
        script.does(
            "fail",
            cue -> {
              act(cue, "1");
              throw new IllegalStateException("broken");
            });
        FakeConnection ada = join(t);
        List<WriteSet> sets = recorded(t);
        ada.send("fail");
        t.settle();
        assertThat(sets).isEmpty();
        assertThat(ada.texts()).isEmpty();
        assertThat(stored(t, "key")).isEqualTo(Optional.empty());
      });
    }
  }

  private static void call(Lines room, String line) {
    try {
      room.say(line);
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }
}
