package dev.dormouse.room;

import static dev.dormouse.room.Script.ROOM;
import static dev.dormouse.room.Script.join;
import static dev.dormouse.room.Script.recorded;
import static dev.dormouse.room.Script.stored;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.dormouse.room.spi.AlarmRow;
import dev.dormouse.room.spi.WriteSet;
import dev.dormouse.testkit.FakeConnection;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/// T7: transactions.
class TransactionTest {
  private static final Instant LATER = Instant.parse("2031-01-01T00:00:00Z");

  private final Script script = new Script();

  @Test
  void T7_is_part_of_its_turn() {
    script.play(t -> {
      script.does(
          "both",
          cue -> {
            cue.put("before", "1");
            String result =
                cue.storage()
                    .transaction(() -> {
                      cue.put("inside", cue.get("before").orElse("?") + "2");
                      return "result";
                    });
            cue.put("after", result);
          });
      List<WriteSet> sets = recorded(t);
      join(t).send("both");
      t.settle();
      assertThat(sets)
          .singleElement()
          .satisfies(set ->
              assertThat(set.changes().keySet()).containsExactly("after", "before", "inside"));
      assertThat(stored(t, "inside")).contains("12");
      assertThat(stored(t, "after")).contains("result");
    });
  }

  @Test
  void T7_a_throw_rolls_everything_back_is_rethrown_and_the_room_and_the_turn_live() {
    script.play(t -> {
      IllegalStateException broken = new IllegalStateException("broken");
      script.does(
          "roll back",
          cue -> {
            cue.room().field = "kept";
            cue.put("k", "before");
            cue.put("deleted", "still there");
            cue.alarms().set("before", LATER);
            cue.tell("before");
            Throwable thrown =
                catchThrowable(() ->
                    cue.storage()
                        .transaction(() -> {
                          cue.put("k", "inside");
                          cue.storage().delete("deleted");
                          cue.alarms().set("inside", LATER);
                          cue.alarms().delete("before");
                          cue.tell("inside");
                          cue.connection().sendUngated(Message.of("inside"));
                          cue.connection().attach("inside".getBytes(StandardCharsets.UTF_8));
                          cue.connection().tags(Set.of("inside"));
                          cue.connection().close(CloseStatus.of(CloseCode.NORMAL));
                          cue.context()
                              .after(
                                  Duration.ofSeconds(1),
                                  () -> {
                                    cue.note("inside");
                                    return null;
                                  });
                          cue.context()
                              .afterReply(() -> {
                                cue.note("inside");
                                return null;
                              });
                          throw broken;
                        }));
            assertThat(thrown).isSameAs(broken);
            assertThat(cue.get("k")).contains("before");
            assertThat(cue.connection().attachment()).isEmpty();
            assertThat(cue.connection().tags()).isEmpty();
            cue.put("after", "went on");
            cue.tell("after");
          });
      FakeConnection ada = join(t);
      ada.send("roll back");
      t.advance(Duration.ofSeconds(5));
      assertThat(ada.texts()).containsExactly("before", "after");
      assertThat(ada.closed()).isEmpty();
      assertThat(stored(t, "k")).contains("before");
      assertThat(stored(t, "deleted")).contains("still there");
      assertThat(stored(t, "after")).contains("went on");
      assertThat(t.disk().alarms(t.id(ROOM, "r")))
          .extracting(AlarmRow::name)
          .containsExactly("before");
      assertThat(script.notes()).isEmpty();
      assertThat(script.instances())
          .singleElement()
          .satisfies(room -> assertThat(room.field).isEqualTo("kept"));
    });
  }

  @Test
  void T7_nested_ones_are_savepoints() {
    script.play(t -> {
      script.does(
          "nest",
          cue ->
              cue.storage()
                  .transaction(() -> {
                    cue.put("outer", "1");
                    assertThat(
                            catchThrowable(() ->
                                cue.storage()
                                    .transaction(() -> {
                                      cue.put("inner", "lost");
                                      cue.put("outer", "lost");
                                      throw new IllegalStateException("inner");
                                    })))
                        .hasMessage("inner");
                    cue.storage()
                        .transaction(() -> {
                          cue.put("second", "2");
                          return null;
                        });
                    return null;
                  }));
      script.does(
          "nest and fail",
          cue -> {
            assertThat(
                    catchThrowable(() ->
                        cue.storage()
                            .transaction(() -> {
                              cue.storage()
                                  .transaction(() -> {
                                    cue.put("third", "lost with the outer one");
                                    return null;
                                  });
                              throw new IllegalStateException("outer");
                            })))
                .hasMessage("outer");
          });
      FakeConnection ada = join(t);
      ada.send("nest");
      ada.send("nest and fail");
      t.settle();
      assertThat(stored(t, "outer")).contains("1");
      assertThat(stored(t, "inner")).isEmpty();
      assertThat(stored(t, "second")).contains("2");
      assertThat(stored(t, "third")).isEmpty();
      assertThat(script.watch().handlerFailures).isEmpty();
    });
  }

  @Test
  void T7_deleteAll_inside_is_rolled_back_or_kept_as_a_whole() {
    script.play(t -> {
      script.does(
          "fill",
          cue -> {
            cue.put("a", "1");
            cue.put("b", "1");
            cue.storage().schema(3);
            cue.alarms().set("alarm", LATER);
          });
      script.does(
          "roll back",
          cue -> {
            assertThat(
                    catchThrowable(() ->
                        cue.storage()
                            .transaction(() -> {
                              cue.storage().deleteAll();
                              assertThat(cue.storage().list(KeyRange.all())).isEmpty();
                              assertThat(cue.alarms().list()).isEmpty();
                              assertThat(cue.storage().schema()).isZero();
                              throw new IllegalStateException("no");
                            })))
                .hasMessage("no");
            assertThat(cue.storage().list(KeyRange.all())).hasSize(2);
            assertThat(cue.alarms().list()).hasSize(1);
            assertThat(cue.storage().schema()).isEqualTo(3);
          });
      script.does(
          "keep",
          cue -> {
            cue.storage()
                .transaction(() -> {
                  cue.storage().deleteAll();
                  cue.put("b", "2");
                  return null;
                });
            assertThat(cue.storage().list(KeyRange.all()))
                .singleElement()
                .extracting(Storage.Entry::text)
                .isEqualTo("2");
            assertThat(cue.get("a")).isEmpty();
          });
      FakeConnection ada = join(t);
      ada.send("fill");
      ada.send("roll back");
      ada.send("keep");
      t.settle();
      assertThat(script.watch().handlerFailures).isEmpty();
      assertThat(stored(t, "a")).isEmpty();
      assertThat(stored(t, "b")).contains("2");
      assertThat(t.disk().alarms(t.id(ROOM, "r"))).isEmpty();
    });
  }

  @Test
  void T7_waits_inside_are_refused_with_an_error_that_names_critical() {
    script.play(t -> {
      script.answers(
          "hello",
          cue -> {
            cue.note("called");
            return "hello";
          });
      script.does(
          "wait",
          cue -> {
            RoomContext context = cue.context();
            Map<String, ThrowingCallable> waits = new LinkedHashMap<>();
            waits.put("await", () -> context.await(() -> null));
            waits.put("all", () -> context.all(List.of()));
            waits.put("sleep", () -> context.sleep(Duration.ofSeconds(1)));
            waits.put("sync", () -> context.storage().sync());
            waits.put("a call", () -> cue.other("other").say("hello"));
            waits.forEach((name, wait) ->
                cue.storage()
                    .transaction(() -> {
                      cue.put(name, "1");
                      assertThat(catchThrowable(wait))
                          .isInstanceOf(IllegalStateException.class)
                          .hasMessageContainingAll("room/r", name, "critical");
                      return null;
                    }));
            cue.put("done", "1");
          });
      List<WriteSet> sets = recorded(t);
      join(t).send("wait");
      t.settle();
      assertThat(script.watch().handlerFailures).isEmpty();
      assertThat(sets).as("one turn still").hasSize(1);
      assertThat(stored(t, "done")).contains("1");
      assertThat(script.notes()).isEmpty();
    });
  }
}
