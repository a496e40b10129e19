package dev.dormouse.room;

import static dev.dormouse.room.Script.MANY;
import static dev.dormouse.room.Script.ask;
import static dev.dormouse.room.Script.asking;
import static dev.dormouse.room.Script.declined;
import static dev.dormouse.room.Script.join;
import static dev.dormouse.room.Script.recorded;
import static dev.dormouse.room.Script.stored;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.dormouse.room.spi.Execution.Signal;
import dev.dormouse.room.spi.WriteSet;
import dev.dormouse.testkit.FakeConnection;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// T2: what a wait inside a handler ends and begins.
class WaitsTest {
  private final Script script = new Script();

  private Map<String, Script.Quiet> waits(Signal go) {
    Map<String, Script.Quiet> waits = new LinkedHashMap<>();
    waits.put(
        "await",
        cue ->
            cue.context()
                .await(() -> {
                  go.await();
                  return null;
                }));
    waits.put(
        "all",
        cue ->
            cue.context()
                .all(
                    List.of(() -> {
                      go.await();
                      return "";
                    })));
    waits.put("call", cue -> cue.other("other").say("block"));
    waits.put("sleep", cue -> cue.context().sleep(Duration.ofSeconds(5)));
    waits.put("sync", cue -> cue.storage().sync());
    return waits;
  }

  @Test
  void T2_ends_the_turn_whichever_it_is() {
    for (String wait : List.of("await", "all", "call", "sleep", "sync")) {
      script.play(t -> {
        Signal go = t.execution().signal();
        Script.Quiet waiting = requireNonNull(waits(go).get(wait));
        script.does("block", _ -> go.await());
        script.does(
            "two turns",
            cue -> {
              cue.put("first", "1");
              cue.tell("first");
              waiting.by(cue);
              cue.put("second", "2");
              cue.tell("second");
            });
        script.does("note", cue -> cue.note("meanwhile"));
        FakeConnection ada = join(t);
        t.store().hold();
        ada.send("two turns");
        t.settle();
        assertThat(t.store().waiting()).as("%s: the first turn's writes", wait).isEqualTo(1);
        ada.send("note");
        t.settle();
        assertThat(script.notes()).as("%s lets others in", wait).containsExactly("meanwhile");
        t.store().letOne();
        t.settle();
        assertThat(ada.texts()).as("%s: the first turn's frames", wait).containsExactly("first");
        go.complete();
        t.advance(Duration.ofSeconds(6));
        assertThat(t.store().waiting()).as("%s: the second turn's writes", wait).isEqualTo(1);
        t.store().letOne();
        t.settle();
        assertThat(ada.texts()).containsExactly("first", "second");
        assertThat(stored(t, "second")).contains("2");
      });
    }
  }

  @Test
  void T2_what_a_turn_wrote_and_set_becomes_one_write_set() {
    script.play(t -> {
      script.does(
          "much",
          cue -> {
            cue.put("a", "1");
            cue.put("b", "1");
            cue.put("a", "2");
            cue.storage().delete("b");
            cue.alarms().set("wake", Instant.parse("2031-01-01T00:00:00Z"));
          });
      List<WriteSet> sets = recorded(t);
      join(t).send("much");
      t.settle();
      assertThat(sets)
          .singleElement()
          .satisfies(set -> {
            assertThat(set.changes().keySet()).containsExactly("a", "b");
            assertThat(set.changes().get("b")).isEmpty();
            assertThat(
                    requireNonNull(set.changes().get("a"))
                        .map(v -> new String(v, StandardCharsets.UTF_8)))
                .contains("2");
            assertThat(set.alarms())
                .singleElement()
                .extracting(WriteSet.AlarmChange::name)
                .isEqualTo("wake");
          });
    });
  }

  @Test
  void T2_a_new_turn_sees_what_others_did_meanwhile() {
    script.play(t -> {
      Signal go = t.execution().signal();
      script.answers(
          "wait",
          cue -> {
            String before = cue.get("k").orElse("none");
            cue.context()
                .await(() -> {
                  go.await();
                  return null;
                });
            return before + " then " + cue.get("k").orElse("none");
          });
      script.does("put", cue -> cue.put("k", cue.argument()));
      FakeConnection ada = join(t);
      ada.send("wait");
      ada.send("put:new");
      t.settle();
      go.complete();
      t.settle();
      assertThat(ada.texts()).containsExactly("none then new");
    });
  }

  @Test
  void T2_resumed_handlers_go_before_new_events_in_order_of_completion() {
    script.play(
        MANY,
        t -> {
          Map<String, Signal> signals =
              Map.of(
                  "one", t.execution().signal(),
                  "two", t.execution().signal(),
                  "three", t.execution().signal(),
                  "gate", t.execution().signal());
          script.does(
              "wait",
              cue -> {
                Signal mine = requireNonNull(signals.get(cue.argument()));
                cue.context()
                    .await(() -> {
                      mine.await();
                      return null;
                    });
                cue.note(cue.argument());
              });
          script.does("block", _ -> requireNonNull(signals.get("gate")).await());
          script.does("new", cue -> cue.note("new"));
          FakeConnection ada = join(t);
          ada.send("wait:one");
          ada.send("wait:two");
          ada.send("wait:three");
          ada.send("block");
          ada.send("new");
          t.settle();
          for (String name : List.of("two", "three", "one")) {
            requireNonNull(signals.get(name)).complete();
            t.settle();
          }
          assertThat(script.notes()).as("the gate is shut").isEmpty();
          requireNonNull(signals.get("gate")).complete();
          t.settle();
          assertThat(script.notes()).containsExactly("two", "three", "one", "new");
        });
  }

  @Test
  void T2_suspended_handlers_count_against_the_rooms_limits() {
    script
        .limits(RoomLimits.defaults().withBacklog(3, 1_000_000))
        .play(t -> {
          Signal go = t.execution().signal();
          script.does(
              "wait",
              cue ->
                  cue.context()
                      .await(() -> {
                        go.await();
                        return null;
                      }));
          script.answers("hello", _ -> "hello");
          FakeConnection ada = join(t);
          ada.send("wait");
          ada.send("wait");
          t.settle();
          assertThat(ask(t, "hello")).isEqualTo("hello");
          ada.send("wait");
          t.settle();
          long refused = asking(t, "hello");
          t.settle();
          assertThat(declined(t, refused)).isInstanceOf(Refusal.Overloaded.class);
          go.complete();
          t.settle();
          assertThat(ask(t, "hello")).isEqualTo("hello");
        });
  }
}
