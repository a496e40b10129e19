package dev.dormouse.rooms.presence;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.dormouse.room.Admission;
import dev.dormouse.room.CloseStatus;
import dev.dormouse.room.HttpCall;
import dev.dormouse.room.Refusal;
import dev.dormouse.room.Upgrade;
import dev.dormouse.testkit.FakeConnection;
import dev.dormouse.testkit.FakeSockets.Answer;
import dev.dormouse.testkit.RoomTester;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/// Who is here, as clients see it.
class PresenceRoomTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final RoomTester tester = RoomTester.of(PresenceNamespace.declaration());

  private static FakeConnection enter(RoomTester t, String user) {
    return t.connect("presence", "hall", Map.of("user", user));
  }

  private static FakeConnection enter(RoomTester t, String user, String info) {
    return t.connect("presence", "hall", Map.of("user", user, "info", info));
  }

  private static Admission.Accepted admission(String user) {
    return Admission.accept().tagged("user:" + user);
  }

  private static int code(FakeConnection connection) {
    return connection.closed().map(CloseStatus::code).orElse(0);
  }

  @Nested
  class Who_comes {
    @Test
    void is_told_who_is_here_and_the_others_are_told_of_them() {
      tester.run(t -> {
        FakeConnection ann = enter(t, "ann", "{\"name\": \"Ann\"}");
        FakeConnection ben = enter(t, "ben");
        assertThat(ann.texts())
            .containsExactly(
                "{\"type\":\"here\",\"users\":[{\"user\":\"ann\",\"info\":{\"name\":\"Ann\"}}]}",
                "{\"type\":\"diff\",\"joined\":[{\"user\":\"ben\"}]}");
        assertThat(ben.texts())
            .containsExactly(
                "{\"type\":\"here\",\"users\":[{\"user\":\"ann\",\"info\":{\"name\":\"Ann\"}},"
                    + "{\"user\":\"ben\"}]}");
      });
    }

    @Test
    void a_second_time_is_no_news() {
      tester.run(t -> {
        FakeConnection watcher = enter(t, "watcher");
        FakeConnection first = enter(t, "ann", "{\"at\":1}");
        FakeConnection second = enter(t, "ann");
        assertThat(second.texts().getLast()).contains("{\"user\":\"ann\",\"info\":{\"at\":1}}");
        assertThat(watcher.texts()).hasSize(2);

        first.vanish();
        t.settle();
        assertThat(watcher.texts()).hasSize(2);

        second.vanish();
        t.settle();
        assertThat(watcher.texts().getLast()).isEqualTo("{\"type\":\"diff\",\"left\":[\"ann\"]}");
        assertThat(watcher.texts()).hasSize(3);
      });
    }

    @Test
    void a_second_time_with_something_else_to_say_has_changed() {
      tester.run(t -> {
        FakeConnection watcher = enter(t, "watcher");
        FakeConnection first = enter(t, "ann", "{\"at\":1}");
        FakeConnection second = enter(t, "ann", "{\"at\":2}");
        second.vanish();
        t.settle();
        assertThat(watcher.texts())
            .hasSize(3)
            .last()
            .isEqualTo("{\"type\":\"diff\",\"changed\":[{\"user\":\"ann\",\"info\":{\"at\":2}}]}");
        assertThat(first.texts().getLast()).isEqualTo(watcher.texts().getLast());
      });
    }

    @Test
    void together_with_many_is_told_of_together() {
      tester.run(t -> {
        FakeConnection watcher = enter(t, "watcher");
        List<FakeConnection> many = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
          many.add(t.opened("presence", "hall", admission("u" + i)));
        }
        t.settle();
        assertThat(watcher.texts()).hasSize(2);
        assertThat(JSON.readTree(watcher.texts().getLast()).get("joined")).hasSize(50);
        assertThat(many).allSatisfy(one -> assertThat(one.texts()).hasSize(1));
      });
    }
  }

  @Nested
  class Who_goes {
    @Test
    void C5_together_with_many_is_told_of_together() {
      tester.run(t -> {
        FakeConnection watcher = enter(t, "watcher");
        List<FakeConnection> many = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
          many.add(enter(t, "u" + i));
        }
        int before = watcher.texts().size();
        many.forEach(FakeConnection::vanish);
        t.settle();
        assertThat(watcher.texts()).hasSize(before + 1);
        assertThat(JSON.readTree(watcher.texts().getLast()).get("left")).hasSize(50);
      });
    }

    @Test
    void and_comes_back_at_once_was_never_gone() {
      tester.run(t -> {
        FakeConnection watcher = enter(t, "watcher");
        FakeConnection ann = enter(t, "ann");
        int before = watcher.texts().size();
        ann.vanish();
        FakeConnection again = t.opened("presence", "hall", admission("ann"));
        t.settle();
        assertThat(watcher.texts()).hasSize(before);
        assertThat(again.texts()).hasSize(1);
      });
    }

    @Test
    void before_they_were_told_anything_was_never_here() {
      tester.run(t -> {
        FakeConnection watcher = enter(t, "watcher");
        t.opened("presence", "hall", admission("ann")).vanish();
        t.settle();
        assertThat(watcher.texts()).hasSize(1);
      });
    }
  }

  @Nested
  class Who_says_something_else_of_themselves {
    @Test
    void is_told_of_once_and_only_if_it_is_something_else() {
      tester.run(t -> {
        FakeConnection watcher = enter(t, "watcher");
        FakeConnection ann = enter(t, "ann", "{\"at\":1}");
        int before = watcher.texts().size();
        ann.send("{\"type\":\"info\",\"info\":{\"at\": 1}}");
        t.settle();
        assertThat(watcher.texts()).hasSize(before);

        ann.send("{\"type\":\"info\",\"info\":{\"at\":2}}");
        ann.send("{\"type\":\"info\",\"info\":{\"at\":3}}");
        t.settle();
        assertThat(watcher.texts())
            .hasSize(before + 1)
            .last()
            .isEqualTo("{\"type\":\"diff\",\"changed\":[{\"user\":\"ann\",\"info\":{\"at\":3}}]}");

        ann.send("{\"type\":\"info\",\"info\":null}");
        t.settle();
        assertThat(watcher.texts().getLast())
            .isEqualTo("{\"type\":\"diff\",\"changed\":[{\"user\":\"ann\"}]}");
      });
    }

    @Test
    void may_ask_who_is_here() {
      tester.run(t -> {
        FakeConnection ann = enter(t, "ann");
        ann.send("{\"type\":\"who\"}");
        t.settle();
        assertThat(ann.texts()).hasSize(2);
        assertThat(ann.texts().getLast()).isEqualTo(ann.texts().getFirst());
      });
    }

    @Test
    void in_words_that_nobody_understands_is_told_so() {
      tester.run(t -> {
        FakeConnection ann = enter(t, "ann");
        for (String bad :
            List.of(
                "x",
                "{}",
                "{\"type\":\"info\",\"info\":[]}",
                "{\"type\":\"info\",\"info\":{\"x\":\"" + "y".repeat(600) + "\"}}")) {
          ann.send(bad);
          t.settle();
          assertThat(ann.texts().getLast()).contains("\"type\":\"error\"");
        }
        assertThat(code(ann)).isZero();
        ann.send(new byte[] {1});
        t.settle();
        assertThat(code(ann)).isEqualTo(1003);
      });
    }
  }

  @Nested
  class An_upgrade {
    @Test
    void that_names_nobody_or_nonsense_is_refused() {
      tester.run(t -> {
        for (String nobody : List.of("", " ", "a\u0001b", "\ud800")) {
          assertThat(why(t, Map.of("user", nobody))).contains("'user' has 1 to 64");
        }
        assertThat(why(t, Map.of())).contains("'user' has 1 to 64");
        assertThat(why(t, Map.of("user", "ann", "info", "[]"))).contains("'info' is a JSON object");
        assertThat(why(t, Map.of("user", "ann", "info", "x"))).contains("not JSON");
        assertThat(why(t, Map.of("user", "ann", "info", "{"))).contains("not JSON");
      });
    }

    private static String why(RoomTester t, Map<String, String> query) {
      return switch (t.knock("presence", "hall", RoomTester.upgrade(query))) {
        case Answer.Admitted(Admission.Refused(int status, String reason)) when status == 400 ->
            reason;
        case Answer other -> throw new AssertionError("not refused: " + other);
      };
    }

    private static int refused(RoomTester t, String user, String info) {
      Upgrade upgrade = RoomTester.upgrade(Map.of("user", user, "info", info));
      return switch (t.knock("presence", "hall", upgrade)) {
        case Answer.Admitted(Admission.Refused(int status, _)) -> status;
        case Answer _ -> 0;
      };
    }

    @Test
    void with_too_much_to_say_is_refused() {
      tester.run(t -> {
        String fits = "{\"x\":\"" + "y".repeat(Said.MAX_INFO - 8) + "\"}";
        assertThat(refused(t, "u".repeat(64), fits)).isZero();
        assertThat(refused(t, "u".repeat(65), fits)).isEqualTo(400);
        assertThat(refused(t, "u", fits.replaceFirst("y", "yy"))).isEqualTo(400);
      });
    }

    @Test
    void of_somebody_with_32_connections_is_refused_also_if_all_come_at_once() {
      tester.run(t -> {
        FakeConnection watcher = enter(t, "watcher");
        List<FakeConnection> tabs = new ArrayList<>();
        for (int i = 0; i < 32; i++) {
          tabs.add(t.opened("presence", "hall", admission("ann")));
        }
        FakeConnection last =
            t.opened(
                "presence",
                "hall",
                admission("ann").attached("{\"no\":1}".getBytes(StandardCharsets.UTF_8)));
        t.settle();
        assertThat(code(last)).isEqualTo(4429);
        assertThat(tabs).allSatisfy(tab -> assertThat(code(tab)).isZero());
        assertThat(refused(t, "ann", "{}")).isEqualTo(429);
        assertThat(refused(t, "ben", "{}")).isZero();
        assertThat(watcher.texts())
            .containsExactly(
                "{\"type\":\"here\",\"users\":[{\"user\":\"watcher\"}]}",
                "{\"type\":\"diff\",\"joined\":[{\"user\":\"ann\"}]}");
      });
    }

    @Test
    void to_a_full_room_is_refused() {
      assertThat(PresenceNamespace.declaration().limits().connections()).isEqualTo(1_024);
      List<Frame.Person> most =
          Collections.nCopies(
              1_024, new Frame.Person("\u30e4".repeat(64), "{\"x\":\"" + "y".repeat(504) + "\"}"));
      // All of them in one frame are less than a client may be behind.
      assertThat(new Frame.Here(most).framed().bytes()).hasSizeBetween(700_000, 1 << 20);
    }
  }

  @Nested
  class Over_http {
    @Test
    void it_says_who_is_here() {
      tester.run(t -> {
        enter(t, "ann", "{\"at\":1}");
        enter(t, "ann");
        enter(t, "ben");
        assertThat(t.request("presence", "hall", HttpCall.of("GET", "")).text())
            .isEqualTo(
                "{\"count\":2,\"connections\":3,\"users\":["
                    + "{\"user\":\"ann\",\"info\":{\"at\":1}},{\"user\":\"ben\"}]}");
        assertThat(t.request("presence", "hall", HttpCall.of("POST", "")).headers())
            .containsEntry("allow", "GET");
        assertThat(t.requested("presence", "hall", HttpCall.of("GET", "x")))
            .isInstanceOfSatisfying(
                Answer.Declined.class,
                no -> assertThat(no.error()).isInstanceOf(Refusal.NotFound.class));
      });
    }
  }
}
