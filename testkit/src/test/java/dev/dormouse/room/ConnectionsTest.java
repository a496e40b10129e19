package dev.dormouse.room;

import static dev.dormouse.room.Script.MANY;
import static dev.dormouse.room.Script.ROOM;
import static dev.dormouse.room.Script.ask;
import static dev.dormouse.room.Script.declined;
import static dev.dormouse.room.Script.join;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.dormouse.room.spi.Event;
import dev.dormouse.testkit.FakeConnection;
import dev.dormouse.testkit.FakeSockets.Answer;
import dev.dormouse.testkit.RoomTester;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/// C1, C2, C5 as the room sees them: its connections from their admission to their end.
class ConnectionsTest {
  private final Script script =
      new Script()
          .answers("hello", _ -> "hello")
          .answers("count", cue -> "" + cue.context().connections().count());

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static Set<String> tags(int count) {
    Set<String> tags = new HashSet<>();
    for (int i = 0; i < count; i++) {
      tags.add("tag" + i);
    }
    return tags;
  }

  @Nested
  class Admission_decides {

    @Test
    void C2_with_tags_attachment_and_sub_protocol() {
      script.admits(upgrade ->
          Admission.accept()
              .tagged("red", upgrade.parameter("tag").orElse("none"))
              .attached(bytes("mine"))
              .speaking("proto.v1"));
      script.answers(
          "who",
          cue ->
              "%s %s %s"
                  .formatted(
                      cue.connection().tags().contains("blue")
                          && cue.connection().tags().contains("red"),
                      new String(cue.connection().attachment(), StandardCharsets.UTF_8),
                      cue.connection().subProtocol().orElse("none")));
      script.play(t -> {
        FakeConnection ada = t.connect(ROOM, "r", Map.of("tag", "blue"));
        ada.send("who");
        t.settle();
        assertThat(ada.texts()).containsExactly("true mine proto.v1");
      });
    }

    @Test
    void C2_or_refuses_with_a_status() {
      script.admits(upgrade -> Admission.refuse(403, "not you"));
      script.does(Script.OPEN, cue -> cue.note("opened"));
      script.play(t -> {
        assertThat(t.knock(ROOM, "r", RoomTester.upgrade(Map.of())))
            .isEqualTo(new Answer.Admitted(new Admission.Refused(403, "not you")));
        assertThat(ask(t, "count")).isEqualTo("0");
        assertThat(script.notes()).isEmpty();
      });
    }

    @Test
    void C2_within_its_limits() {
      assertThat(Admission.checkTags(tags(10))).hasSize(10);
      assertThat(catchThrowable(() -> Admission.checkTags(tags(11)))).hasMessageContaining("10");
      assertThat(Admission.checkTags(Set.of("x".repeat(256)))).hasSize(1);
      assertThat(catchThrowable(() -> Admission.checkTags(Set.of("x".repeat(257)))))
          .hasMessageContaining("256");
      assertThat(catchThrowable(() -> Admission.checkTags(Set.of("")))).isNotNull();
      assertThat(Admission.checkAttachment(new byte[16 * 1024])).hasSize(16 * 1024);
      assertThat(catchThrowable(() -> Admission.checkAttachment(new byte[16 * 1024 + 1])))
          .hasMessageContaining("16384");
      assertThat(catchThrowable(() -> Admission.refuse(200, "no"))).hasMessageContaining("400");
    }

    @Test
    void C4_and_never_beyond_the_rooms_cap() {
      script
          .limits(RoomLimits.defaults().withConnections(2))
          .play(t -> {
            FakeConnection ada = join(t);
            join(t);
            long exchange = t.sockets().nextKey();
            t.node()
                .post(t.id(ROOM, "r"), new Event.Connect(exchange, RoomTester.upgrade(Map.of())));
            t.settle();
            assertThat(declined(t, exchange))
                .isInstanceOf(Refusal.Overloaded.class)
                .hasMessageContainingAll("room/r", "2");
            ada.vanish();
            t.settle();
            join(t);
          });
    }
  }

  @Nested
  class Joining {

    @Test
    void C2_happens_after_the_handshake_just_before_onOpen_and_before_any_message() {
      script.does(
          Script.OPEN,
          cue -> {
            cue.note("open of " + cue.context().connections().count());
            cue.broadcast("welcome");
          });
      script.does("note", cue -> cue.note(cue.argument()));
      script.play(
          MANY,
          t -> {
            FakeConnection ada = join(t);
            t.knock(ROOM, "r", RoomTester.upgrade(Map.of()));
            assertThat(ask(t, "count")).as("admitted, not yet joined").isEqualTo("1");
            FakeConnection bob = t.opened(ROOM, "r", Admission.accept());
            bob.send("note:message");
            t.settle();
            assertThat(script.notes()).containsExactly("open of 1", "open of 2", "message");
            assertThat(bob.texts()).containsExactly("welcome");
            assertThat(ada.texts()).containsExactly("welcome", "welcome");
          });
    }

    @Test
    void C1_a_key_is_never_used_again_and_the_order_is_that_of_joining() {
      script.answers(
          "keys",
          cue -> cue.context().connections().stream().map(c -> "" + c.key()).toList().toString());
      script.play(t -> {
        FakeConnection ada = join(t);
        FakeConnection bob = join(t);
        ada.vanish();
        t.settle();
        FakeConnection cyd = join(t);
        assertThat(ask(t, "keys")).isEqualTo("[%d, %d]".formatted(bob.key(), cyd.key()));
        assertThat(List.of(ada.key(), bob.key(), cyd.key())).doesNotHaveDuplicates();
      });
    }
  }

  @Nested
  class On_a_live_connection {

    @Test
    void C2_tags_and_attachment_can_change_as_part_of_the_turn() {
      script.does(
          "change",
          cue -> {
            cue.connection().tags(Set.of("vip"));
            byte[] mine = bytes("mine");
            cue.connection().attach(mine);
            mine[0] = '?';
            assertThat(cue.connection().tags()).containsExactly("vip");
            assertThat(cue.context().connections().stream("vip")).hasSize(1);
          });
      script.answers(
          "what",
          cue ->
              cue.connection().tags()
                  + new String(cue.connection().attachment(), StandardCharsets.UTF_8));
      script.does(
          "fail",
          cue -> {
            throw new IllegalStateException("broken");
          });
      script.does("vips", cue -> cue.context().connections().broadcastTo("vip", Message.of("vip")));
      script.play(t -> {
        FakeConnection ada = join(t);
        FakeConnection bob = join(t);
        ada.send("change");
        ada.send("fail");
        ada.send("what");
        bob.send("vips");
        t.settle();
        assertThat(ada.texts()).as("they outlive the instance").containsExactly("[vip]mine", "vip");
        assertThat(bob.texts()).isEmpty();
      });
    }

    @Test
    void C2_changes_are_held_to_the_same_limits() {
      script.does(
          "change",
          cue -> {
            assertThat(catchThrowable(() -> cue.connection().tags(tags(11))))
                .isInstanceOf(IllegalArgumentException.class);
            assertThat(catchThrowable(() -> cue.connection().attach(new byte[16 * 1024 + 1])))
                .isInstanceOf(IllegalArgumentException.class);
            cue.note("checked");
          });
      script.play(t -> {
        join(t).send("change");
        t.settle();
        assertThat(script.notes()).containsExactly("checked");
      });
    }

    @Test
    void C1_found_by_key_it_is_the_same_connection() {
      List<Connection> found = new ArrayList<>();
      script.does(
          "find",
          cue -> {
            found.add(cue.connection());
            found.add(cue.context().connections().find(cue.connection().key()).orElseThrow());
            assertThat(cue.context().connections().find(-1)).isEmpty();
          });
      script.play(
          1,
          t -> {
            join(t).send("find");
            t.settle();
            assertThat(found.getFirst()).isEqualTo(found.getLast());
            assertThat(found.getFirst()).hasSameHashCodeAs(found.getLast());
            assertThat(found.getFirst()).asString().contains("room/r");
          });
    }
  }

  @Nested
  class The_end {

    @Test
    void C5_a_close_is_told_while_the_connection_is_still_listed() {
      script.does(
          Script.CLOSE,
          cue -> {
            cue.note(
                ((CloseStatus) cue.what()).code()
                    + " "
                    + cue.context().connections().stream()
                        .anyMatch(each -> each.key() == cue.connection().key())
                    + " "
                    + cue.context().connections().count());
            cue.broadcast("bye");
          });
      script.play(t -> {
        FakeConnection ada = join(t);
        FakeConnection bob = join(t);
        ada.close(3001, "done");
        t.settle();
        assertThat(script.notes()).containsExactly("3001 true 2");
        assertThat(bob.texts()).containsExactly("bye");
        assertThat(ask(t, "count")).isEqualTo("1");
      });
    }

    @Test
    void C5_a_close_by_the_room_delists_at_once_and_is_told_when_it_is_done() {
      script.does(
          "close",
          cue -> {
            cue.connection().close(new CloseStatus(3002, "go"));
            cue.connection().close(new CloseStatus(3003, "twice"));
            cue.note("count " + cue.context().connections().count());
            assertThat(cue.context().connections().find(cue.connection().key())).isEmpty();
          });
      script.does(Script.CLOSE, cue -> cue.note("closed " + ((CloseStatus) cue.what()).code()));
      script.does("note", cue -> cue.note(cue.argument()));
      script.play(
          MANY,
          t -> {
            FakeConnection ada = join(t);
            ada.send("close");
            ada.send("note:too late");
            t.settle();
            assertThat(ada.closed()).contains(new CloseStatus(3002, "go"));
            assertThat(script.notes()).containsExactly("count 0", "closed 3002");
            assertThat(script.watch().handlerFailures).isEmpty();
          });
    }

    @Test
    void C5_a_failing_onClose_does_not_keep_the_connection() {
      script.does(
          Script.CLOSE,
          cue -> {
            throw new IllegalStateException("broken");
          });
      script.play(t -> {
        FakeConnection ada = join(t);
        ada.vanish();
        t.settle();
        assertThat(ask(t, "count")).isEqualTo("0");
      });
    }

    @Test
    void C5_an_error_is_told_before_the_close() {
      script.does(
          Script.FAILED, cue -> cue.note("failed: " + ((Throwable) cue.what()).getMessage()));
      script.does(Script.CLOSE, cue -> cue.note("closed"));
      script.play(
          MANY,
          t -> {
            FakeConnection ada = join(t);
            t.node().post(t.id(ROOM, "r"), new Event.Failed(ada.key(), new Exception("bad frame")));
            ada.vanish();
            t.settle();
            assertThat(script.notes()).containsExactly("failed: bad frame", "closed");
          });
    }

    @Test
    void C3_a_process_start_delivers_no_onClose() {
      script.does(Script.CLOSE, cue -> cue.note("closed"));
      script.play(t -> {
        join(t);
        t.crash();
        assertThat(ask(t, "count")).isEqualTo("0");
        assertThat(script.notes()).isEmpty();
      });
    }

    @Test
    void C5_codes_have_a_name_a_sentence_and_a_reconnect_rule_and_are_all_different() {
      assertThat(CloseCode.values()).extracting(CloseCode::code).doesNotHaveDuplicates();
      assertThat(Arrays.asList(CloseCode.values()))
          .allSatisfy(code -> {
            assertThat(code.sentence()).isNotBlank();
            assertThat(CloseCode.of(code.code())).contains(code);
            assertThat(CloseStatus.of(code))
                .isEqualTo(new CloseStatus(code.code(), code.sentence()));
            if (code.code() >= 4000) {
              assertThat(code.reconnect())
                  .isEqualTo(
                      code.code() < 4400 ? CloseCode.Reconnect.SOON : CloseCode.Reconnect.NO);
            }
          });
      assertThat(CloseCode.of(4999)).isEmpty();
      assertThat(catchThrowable(() -> new CloseStatus(999, ""))).hasMessageContaining("999");
      assertThat(catchThrowable(() -> new CloseStatus(5000, ""))).hasMessageContaining("5000");
      assertThat(catchThrowable(() -> new CloseStatus(1000, "ä".repeat(62))))
          .hasMessageContainingAll("123", "124");
    }
  }
}
