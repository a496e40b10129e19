package dev.dormouse.room;

import static dev.dormouse.room.Script.join;
import static dev.dormouse.room.Script.stored;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.dormouse.room.RoomException.RoomReset;
import dev.dormouse.room.spi.Execution.Signal;
import dev.dormouse.testkit.FakeConnection;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/// T5: who may use a context, and for how long.
class ContextTest {
  private final Script script = new Script();

  /// Every way in which code can reach the room through what a turn gave it.
  private static Map<String, ThrowingCallable> uses(Cue cue) {
    RoomContext context = cue.context();
    RoomContext.Timer timer = context.after(Duration.ofHours(1), () -> null);
    Lines other = cue.other("other");
    Map<String, ThrowingCallable> uses = new LinkedHashMap<>();
    uses.put("get", () -> context.storage().get("k"));
    uses.put("put", () -> context.storage().putText("k", "from outside"));
    uses.put("putValue", () -> context.storage().putValue("k", "from outside"));
    uses.put("delete", () -> context.storage().delete("k"));
    uses.put("deleteAll", () -> context.storage().deleteAll());
    uses.put("list", () -> context.storage().list(KeyRange.all()));
    uses.put("version", () -> context.storage().version());
    uses.put("transition", () -> context.storage().transition(0, () -> null));
    uses.put("transaction", () -> context.storage().transaction(() -> null));
    uses.put("sync", () -> context.storage().sync());
    uses.put("schema", () -> context.storage().schema());
    uses.put("schema(2)", () -> context.storage().schema(2));
    uses.put("alarm set", () -> context.alarms().set("a", Instant.EPOCH));
    uses.put("alarm at restart", () -> context.alarms().setAtRestart("a"));
    uses.put("alarm delete", () -> context.alarms().delete("a"));
    uses.put("alarm get", () -> context.alarms().get("a"));
    uses.put("alarm list", () -> context.alarms().list());
    uses.put("count", () -> context.connections().count());
    uses.put("stream", () -> context.connections().stream());
    uses.put("find", () -> context.connections().find(1));
    uses.put("broadcast", () -> context.connections().broadcast(Message.of("from outside")));
    uses.put("send", () -> cue.connection().send("from outside"));
    uses.put("sendUngated", () -> cue.connection().sendUngated(Message.of("from outside")));
    uses.put("close", () -> cue.connection().close(CloseStatus.of(CloseCode.NORMAL)));
    uses.put("tags", () -> cue.connection().tags());
    uses.put("tags(..)", () -> cue.connection().tags(Set.of("a")));
    uses.put("attach", () -> cue.connection().attach(new byte[1]));
    uses.put("attachment", () -> cue.connection().attachment());
    uses.put("await", () -> context.await(() -> null));
    uses.put("all", () -> context.all(List.of()));
    uses.put("sleep", () -> context.sleep(Duration.ofSeconds(1)));
    uses.put("critical", () -> context.critical(() -> null));
    uses.put("after", () -> context.after(Duration.ofSeconds(1), () -> null));
    uses.put("afterReply", () -> context.afterReply(() -> null));
    uses.put("cancel", timer::cancel);
    uses.put("abort", () -> context.abort("from outside"));
    uses.put("call", () -> other.say("note:called"));
    uses.put(
        "request",
        () ->
            context
                .rooms()
                .request(
                    context.rooms().idFromName(Script.ROOM, "other"),
                    HttpCall.of("GET", "note/called")));
    return uses;
  }

  @Test
  void T5_is_bound_to_the_thread_that_holds_the_turn() {
    script.play(t -> {
      Signal done = t.execution().signal();
      Map<String, ThrowingCallable> uses = new LinkedHashMap<>();
      script.does("note", cue -> cue.note(cue.argument()));
      script.does(
          "hand out",
          cue -> {
            cue.put("k", "v");
            uses.putAll(uses(cue));
            done.await();
          });
      FakeConnection ada = join(t);
      ada.send("hand out");
      t.settle();
      assertThat(uses).isNotEmpty();
      uses.forEach((name, use) ->
          assertThat(catchThrowable(use)).as(name).isInstanceOf(IllegalStateException.class));
      done.complete();
      t.settle();
      assertThat(ada.texts()).isEmpty();
      assertThat(stored(t, "k")).contains("v");
      assertThat(script.notes()).isEmpty();
    });
  }

  @Test
  void T5_is_not_usable_inside_an_await_action_but_for_calls() {
    script.play(t -> {
      script.does("note", cue -> cue.note(cue.argument()));
      List<String> allowed = new ArrayList<>();
      script.does(
          "wait",
          cue -> {
            Map<String, ThrowingCallable> uses = uses(cue);
            cue.context()
                .await(() -> {
                  uses.forEach((name, use) -> {
                    Throwable thrown = catchThrowable(use);
                    if (thrown == null) {
                      allowed.add(name);
                    } else {
                      assertThat(thrown).as(name).isInstanceOf(IllegalStateException.class);
                    }
                  });
                  return null;
                });
          });
      join(t).send("wait");
      t.settle();
      assertThat(allowed).containsExactly("call", "request");
      assertThat(script.watch().handlerFailures).isEmpty();
    });
  }

  @Test
  void T5_of_an_incarnation_that_is_over_is_refused_from_any_thread() {
    script.play(t -> {
      Map<String, ThrowingCallable> uses = new LinkedHashMap<>();
      script.does("note", cue -> cue.note(cue.argument()));
      script.does("hand out", cue -> uses.putAll(uses(cue)));
      script.does(
          "fail",
          cue -> {
            throw new IllegalStateException("broken");
          });
      script.does(
          "use the old",
          cue ->
              uses.forEach((name, use) ->
                  assertThat(catchThrowable(use)).as(name).isInstanceOf(RoomReset.class)));
      FakeConnection ada = join(t);
      ada.send("hand out");
      ada.send("fail");
      ada.send("use the old");
      t.settle();
      assertThat(script.watch().handlerFailures)
          .singleElement()
          .isInstanceOf(IllegalStateException.class);
      uses.forEach(
          (name, use) -> assertThat(catchThrowable(use)).as(name).isInstanceOf(RoomReset.class));
      t.settle();
      assertThat(script.notes()).isEmpty();
      assertThat(ada.texts()).isEmpty();
      assertThat(ada.closed()).isEmpty();
      assertThat(stored(t, "k")).isEmpty();
    });
  }
}
