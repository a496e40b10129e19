package dev.dormouse.rooms.chat;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.dormouse.room.Access;
import dev.dormouse.room.CloseStatus;
import dev.dormouse.room.HttpCall;
import dev.dormouse.room.HttpReply;
import dev.dormouse.room.Identity;
import dev.dormouse.room.Refusal;
import dev.dormouse.room.RoomException;
import dev.dormouse.testkit.FakeConnection;
import dev.dormouse.testkit.FakeSockets.Answer;
import dev.dormouse.testkit.MemoryRoomStore.Verdict;
import dev.dormouse.testkit.RoomTester;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A conversation, as clients see it.
class ChatRoomTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final RoomTester tester = RoomTester.of(ChatNamespace.declaration());

  /// Frames of a connection, those of one type or all.
  private static List<JsonNode> frames(FakeConnection connection, String... types) {
    List<JsonNode> frames = new ArrayList<>();
    try {
      for (String text : connection.texts()) {
        JsonNode frame = JSON.readTree(text);
        if (types.length == 0 || List.of(types).contains(frame.get("type").asText())) {
          frames.add(frame);
        }
      }
    } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
      throw new AssertionError(e);
    }
    return frames;
  }

  private static JsonNode last(FakeConnection connection) {
    return frames(connection).getLast();
  }

  private static List<Long> offsets(JsonNode frame) {
    List<Long> offsets = new ArrayList<>();
    frame.get("messages").forEach(message -> offsets.add(message.get("offset").asLong()));
    return offsets;
  }

  private static FakeConnection join(RoomTester t, String name) {
    FakeConnection connection = t.connect("chat", "lobby");
    say(t, connection, "{\"type\":\"join\",\"name\":\"" + name + "\"}");
    return connection;
  }

  private static void say(RoomTester t, FakeConnection connection, String frame) {
    connection.send(frame);
    t.settle();
  }

  private static void post(RoomTester t, FakeConnection connection, String text) {
    say(t, connection, "{\"type\":\"post\",\"text\":\"" + text + "\"}");
  }

  /// Comes back after a break, as a client that was told `place` last.
  private static JsonNode rejoin(RoomTester t, String name, String epoch, long offset) {
    FakeConnection connection = t.connect("chat", "lobby");
    ObjectNode join = JSON.createObjectNode();
    join.put("type", "join").put("name", name).put("epoch", epoch).put("offset", offset);
    say(t, connection, join.toString());
    return frames(connection, "joined").getFirst();
  }

  private static HttpCall call(String method, String path, String body, String... query) {
    Map<String, List<String>> parameters = new HashMap<>();
    for (int i = 0; i < query.length; i += 2) {
      parameters.put(query[i], List.of(query[i + 1]));
    }
    return new HttpCall(method, path, parameters, Map.of(), body.getBytes(StandardCharsets.UTF_8));
  }

  private static JsonNode json(HttpReply reply) throws Exception {
    return JSON.readTree(reply.text());
  }

  private static int refusal(RoomTester t, HttpCall call) {
    return switch (t.requested("chat", "lobby", call)) {
      case Answer.Declined(RoomException error) when error instanceof Refusal refusal ->
          refusal.status();
      case Answer other -> throw new AssertionError("not refused: " + other);
    };
  }

  @Nested
  class Who_may_only_read {
    private FakeConnection reader(RoomTester t) {
      FakeConnection reader = t.connect("chat", "lobby", Identity.anonymous(Access.READ));
      say(t, reader, "{\"type\":\"join\",\"name\":\"Ada\"}");
      return reader;
    }

    @Test
    void hears_and_is_not_seen() {
      tester.run(t -> {
        FakeConnection bob = join(t, "Bob");
        FakeConnection reader = reader(t);
        assertThat(last(reader).get("type").asText()).isEqualTo("joined");
        assertThat(last(bob).get("type").asText()).isEqualTo("joined");
        post(t, bob, "hello");
        assertThat(frames(reader, "message")).hasSize(1);
        say(t, bob, "{\"type\":\"who\"}");
        assertThat(last(bob).get("members").findValuesAsText("name")).containsExactly("Bob");
      });
    }

    @Test
    void says_nothing() {
      tester.run(t -> {
        FakeConnection bob = join(t, "Bob");
        FakeConnection reader = reader(t);
        post(t, reader, "let me in");
        assertThat(last(reader).get("code").asText()).isEqualTo("read-only");
        assertThat(frames(bob, "message")).isEmpty();
      });
    }
  }

  @Nested
  class Who_joins {
    @Test
    void is_told_who_is_there_and_the_others_hear_of_it() {
      tester.run(t -> {
        FakeConnection ada = join(t, "Ada");
        FakeConnection bob = join(t, "Bob");
        JsonNode joined = last(bob);
        assertThat(joined.get("type").asText()).isEqualTo("joined");
        assertThat(joined.get("members").findValuesAsText("name")).containsExactly("Ada", "Bob");
        assertThat(joined.get("count").asInt()).isEqualTo(2);
        assertThat(joined.get("recovered").asBoolean()).isFalse();
        assertThat(last(ada).get("type").asText()).isEqualTo("entered");
        assertThat(last(ada).get("member").get("name").asText()).isEqualTo("Bob");

        bob.vanish();
        t.settle();
        assertThat(last(ada).get("type").asText()).isEqualTo("left");
        say(t, ada, "{\"type\":\"who\"}");
        assertThat(last(ada).get("members").findValuesAsText("name")).containsExactly("Ada");
      });
    }

    @Test
    void gets_the_last_50_messages() {
      tester.run(t -> {
        FakeConnection ada = join(t, "Ada");
        for (int i = 1; i <= 60; i++) {
          post(t, ada, "m" + i);
        }
        JsonNode joined = last(join(t, "Bob"));
        assertThat(offsets(joined)).hasSize(50).first().isEqualTo(11L);
        assertThat(joined.get("offset").asLong()).isEqualTo(60);
      });
    }

    @Test
    void under_another_name_is_not_announced_twice() {
      tester.run(t -> {
        FakeConnection ada = join(t, "Ada");
        FakeConnection bob = join(t, "Bob");
        say(t, bob, "{\"type\":\"join\",\"name\":\"Bert\"}");
        assertThat(frames(ada, "entered")).hasSize(1);
        post(t, bob, "hi");
        assertThat(last(ada).get("message").get("from").asText()).isEqualTo("Bert");
      });
    }

    @Test
    void or_only_listens_writes_nothing() {
      tester.run(t -> {
        join(t, "Ada");
        t.connect("chat", "lobby");
        assertThat(t.disk().commits()).isZero();
      });
    }
  }

  @Nested
  class A_message {
    @Test
    void O1_is_told_to_everybody_and_acknowledged_once_it_is_durable() {
      tester.run(t -> {
        FakeConnection ada = join(t, "Ada");
        FakeConnection bob = join(t, "Bob");
        FakeConnection stranger = t.connect("chat", "lobby");
        t.store().hold();
        say(t, ada, "{\"type\":\"post\",\"text\":\"hello\",\"id\":\"a1\"}");
        assertThat(frames(ada, "message", "posted")).isEmpty();
        assertThat(frames(bob, "message")).isEmpty();
        t.store().letAll();
        t.settle();
        assertThat(frames(bob, "message")).hasSize(1);
        JsonNode message = frames(bob, "message").getFirst().get("message");
        assertThat(message.get("offset").asLong()).isEqualTo(1);
        assertThat(message.get("from").asText()).isEqualTo("Ada");
        assertThat(message.get("text").asText()).isEqualTo("hello");
        assertThat(message.get("at").asLong()).isPositive();
        assertThat(frames(ada, "message")).hasSize(1);
        assertThat(last(ada).toString())
            .isEqualTo("{\"type\":\"posted\",\"id\":\"a1\",\"offset\":1,\"again\":false}");
        assertThat(stranger.received()).isEmpty();
      });
    }

    @Test
    void posted_twice_under_one_id_is_told_once_also_across_a_crash() {
      tester.run(t -> {
        String post = "{\"type\":\"post\",\"text\":\"hello\",\"id\":\"a1\"}";
        FakeConnection ada = join(t, "Ada");
        say(t, ada, post);
        t.crash();
        FakeConnection bob = join(t, "Bob");
        ada = join(t, "Ada");
        say(t, ada, post);
        assertThat(last(ada).get("again").asBoolean()).isTrue();
        assertThat(last(ada).get("offset").asLong()).isEqualTo(1);
        assertThat(frames(bob, "message")).isEmpty();
        say(t, bob, post);
        assertThat(last(bob).get("offset").asLong()).isEqualTo(2);
      });
    }

    @Test
    void of_somebody_who_has_not_joined_is_refused() {
      tester.run(t -> {
        FakeConnection ada = t.connect("chat", "lobby");
        say(t, ada, "{\"type\":\"post\",\"text\":\"hello\",\"id\":\"a1\"}");
        assertThat(last(ada).get("code").asText()).isEqualTo("join-first");
        assertThat(last(ada).get("id").asText()).isEqualTo("a1");
      });
    }

    @Test
    void that_finds_the_disk_full_is_refused_and_may_be_posted_again() {
      tester.run(t -> {
        FakeConnection ada = join(t, "Ada");
        String post = "{\"type\":\"post\",\"text\":\"hello\",\"id\":\"a1\"}";
        t.store().trouble("no space left");
        say(t, ada, post);
        assertThat(last(ada).get("code").asText()).isEqualTo("storage-full");
        assertThat(last(ada).get("id").asText()).isEqualTo("a1");
        t.store().trouble(null);
        say(t, ada, post);
        assertThat(last(ada).get("type").asText()).isEqualTo("posted");
        assertThat(last(ada).get("again").asBoolean()).isFalse();
      });
    }
  }

  @Nested
  class After_a_break {
    @Test
    void a_client_gets_exactly_what_it_missed_and_is_told_so() {
      tester.run(t -> {
        FakeConnection ada = join(t, "Ada");
        post(t, ada, "one");
        String epoch = last(join(t, "Bob")).get("epoch").asText();
        post(t, ada, "two");
        post(t, ada, "three");
        t.crash();
        JsonNode joined = rejoin(t, "Bob", epoch, 1);
        assertThat(joined.get("recovered").asBoolean()).isTrue();
        assertThat(offsets(joined)).containsExactly(2L, 3L);
        JsonNode nothingMissed = rejoin(t, "Bob", epoch, 3);
        assertThat(nothingMissed.get("recovered").asBoolean()).isTrue();
        assertThat(offsets(nothingMissed)).isEmpty();
      });
    }

    @Test
    void that_began_before_the_first_message_nothing_is_missed() {
      tester.run(t -> {
        JsonNode empty = last(join(t, "Ada"));
        assertThat(empty.get("epoch").asText()).isEmpty();
        post(t, join(t, "Bob"), "one");
        JsonNode joined = rejoin(t, "Ada", "", 0);
        assertThat(joined.get("recovered").asBoolean()).isTrue();
        assertThat(offsets(joined)).containsExactly(1L);
      });
    }

    @Test
    void of_another_life_of_the_conversation_nothing_is_recovered() {
      tester.run(t -> {
        post(t, join(t, "Ada"), "one");
        JsonNode joined = rejoin(t, "Ada", "elsewhere", 0);
        assertThat(joined.get("recovered").asBoolean()).isFalse();
        assertThat(offsets(joined)).containsExactly(1L);
        String epoch = joined.get("epoch").asText();
        assertThat(rejoin(t, "Ada", epoch, 7).get("recovered").asBoolean()).isFalse();
      });
    }

    @Test
    void longer_than_the_history_recovery_is_not_complete() {
      tester.run(t -> {
        FakeConnection ada = join(t, "Ada");
        for (int i = 0; i < ChatLog.KEPT + 5; i++) {
          ada.send("{\"type\":\"post\",\"text\":\"m\",\"id\":\"i" + i + "\"}");
        }
        t.settle();
        JsonNode joined = last(join(t, "Bob"));
        String epoch = joined.get("epoch").asText();
        assertThat(rejoin(t, "Bob", epoch, 4).get("recovered").asBoolean()).isFalse();
        JsonNode complete = rejoin(t, "Bob", epoch, 5);
        assertThat(complete.get("recovered").asBoolean()).isTrue();
        assertThat(offsets(complete)).hasSize(ChatLog.KEPT).first().isEqualTo(6L);
        // What is forgotten takes the author's id with it.
        say(t, ada, "{\"type\":\"post\",\"text\":\"m\",\"id\":\"i0\"}");
        assertThat(last(ada).get("offset").asLong()).isEqualTo(ChatLog.KEPT + 6);
      });
    }
  }

  @Nested
  class The_history {
    @Test
    void is_read_forwards_and_backwards_in_pages() {
      tester.run(t -> {
        FakeConnection ada = join(t, "Ada");
        for (int i = 1; i <= 10; i++) {
          post(t, ada, "m" + i);
        }
        say(t, ada, "{\"type\":\"history\",\"after\":3,\"limit\":4}");
        assertThat(offsets(last(ada))).containsExactly(4L, 5L, 6L, 7L);
        assertThat(last(ada).get("more").asBoolean()).isTrue();
        say(t, ada, "{\"type\":\"history\",\"after\":7}");
        assertThat(offsets(last(ada))).containsExactly(8L, 9L, 10L);
        assertThat(last(ada).get("more").asBoolean()).isFalse();
        say(t, ada, "{\"type\":\"history\",\"before\":4,\"limit\":2}");
        assertThat(offsets(last(ada))).containsExactly(2L, 3L);
        assertThat(last(ada).get("more").asBoolean()).isTrue();
        say(t, ada, "{\"type\":\"history\",\"before\":3}");
        assertThat(offsets(last(ada))).containsExactly(1L, 2L);
        assertThat(last(ada).get("more").asBoolean()).isFalse();
      });
    }

    @Test
    void A1_forgets_what_is_a_week_old_and_keeps_counting() throws Exception {
      tester.run(t -> {
        FakeConnection ada = join(t, "Ada");
        post(t, ada, "old");
        t.advance(Duration.ofDays(4));
        post(t, ada, "newer");
        t.advance(Duration.ofDays(4));
        JsonNode summary = json(t.request("chat", "lobby", call("GET", "", "")));
        assertThat(summary.get("oldest").asLong()).isEqualTo(2);
        t.advance(Duration.ofDays(4));
        JsonNode later = json(t.request("chat", "lobby", call("GET", "", "")));
        assertThat(later.get("oldest").asLong()).isEqualTo(3);
        assertThat(later.get("offset").asLong()).isEqualTo(2);
        post(t, ada, "newest");
        assertThat(offsets(last(join(t, "Bob")))).containsExactly(3L);
      });
    }
  }

  @Nested
  class After_a_failed_commit {
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void O2_everybody_learns_to_look_again_and_a_repeated_post_counts_once(boolean applied) {
      tester.run(t -> {
        FakeConnection ada = join(t, "Ada");
        FakeConnection bob = join(t, "Bob");
        String post = "{\"type\":\"post\",\"text\":\"hello\",\"id\":\"a1\"}";
        t.store().faults(_ -> new Verdict.Unknown(applied));
        say(t, ada, post);
        t.store().faults(_ -> new Verdict.Durable());
        assertThat(frames(ada, "posted")).isEmpty();
        say(t, ada, post);
        assertThat(frames(ada, "posted")).hasSize(1);
        assertThat(frames(bob, "restarted")).hasSize(1);
        say(t, bob, "{\"type\":\"history\",\"after\":0}");
        assertThat(offsets(last(bob))).containsExactly(1L);
        assertThat(frames(bob, "message")).hasSize(applied ? 0 : 1);
      });
    }
  }

  @Nested
  class Bad_input {
    @ParameterizedTest
    @ValueSource(
        strings = {
          "",
          "hello",
          "{",
          "[]",
          "null",
          "7",
          "{}",
          "{\"type\":7}",
          "{\"type\":\"shout\"}",
          "{\"type\":\"join\"}",
          "{\"type\":\"join\",\"name\":\"\"}",
          "{\"type\":\"join\",\"name\":\"a\\u0000b\"}",
          "{\"type\":\"join\",\"name\":\"\\ud800\"}",
          "{\"type\":\"join\",\"name\":\"Ada\",\"offset\":1}",
          "{\"type\":\"join\",\"name\":\"Ada\",\"epoch\":\"x\",\"offset\":-1}",
          "{\"type\":\"post\"}",
          "{\"type\":\"post\",\"text\":\" \"}",
          "{\"type\":\"post\",\"text\":7}",
          "{\"type\":\"post\",\"text\":\"a\",\"id\":\"a b\"}",
          "{\"type\":\"post\",\"text\":\"\\udc00\"}",
          "{\"type\":\"history\"}",
          "{\"type\":\"history\",\"after\":1,\"before\":2}",
          "{\"type\":\"history\",\"after\":-1}",
          "{\"type\":\"history\",\"after\":0,\"limit\":0}",
          "{\"type\":\"history\",\"after\":0,\"limit\":1000000}",
          "{\"type\":\"who\"} {\"type\":\"who\"}",
          "{\"type\":\"who\",\"type\":\"join\"}"
        })
    void is_answered_with_an_error_and_nothing_else_happens(String frame) {
      tester.run(t -> {
        FakeConnection ada = join(t, "Ada");
        FakeConnection bob = join(t, "Bob");
        int before = bob.received().size();
        say(t, ada, frame);
        assertThat(last(ada).get("type").asText()).isEqualTo("error");
        assertThat(last(ada).get("code").asText()).isEqualTo("bad-frame");
        assertThat(last(ada).get("message").asText()).isNotBlank().doesNotContain("dev.dormouse");
        assertThat(ada.closed()).isEmpty();
        assertThat(bob.received()).hasSize(before);
        assertThat(t.disk().commits()).isZero();
        post(t, ada, "still here");
        assertThat(frames(bob, "message")).hasSize(1);
        assertThat(frames(bob, "restarted")).isEmpty();
      });
    }

    @Test
    void of_too_many_characters_is_refused() {
      tester.run(t -> {
        FakeConnection ada = join(t, "Ada");
        post(t, ada, "x".repeat(Said.MAX_TEXT + 1));
        assertThat(last(ada).get("code").asText()).isEqualTo("bad-frame");
        post(t, ada, "x".repeat(Said.MAX_TEXT));
        assertThat(last(ada).get("type").asText()).isEqualTo("posted");
        say(t, ada, "{\"type\":\"join\",\"name\":\"" + "x".repeat(Said.MAX_NAME + 1) + "\"}");
        assertThat(last(ada).get("code").asText()).isEqualTo("bad-frame");
      });
    }

    @Test
    void of_the_greatest_offset_is_an_empty_page() {
      tester.run(t -> {
        FakeConnection ada = join(t, "Ada");
        say(t, ada, "{\"type\":\"history\",\"after\":" + Long.MAX_VALUE + "}");
        assertThat(offsets(last(ada))).isEmpty();
      });
    }

    @Test
    void that_is_binary_ends_its_connection() {
      tester.run(t -> {
        FakeConnection ada = join(t, "Ada");
        ada.send(new byte[] {1});
        t.settle();
        assertThat(ada.closed().map(CloseStatus::code)).contains(1003);
      });
    }
  }

  @Nested
  class Over_http {
    @Test
    void a_script_posts_once_and_reads() {
      tester.run(t -> {
        FakeConnection ada = join(t, "Ada");
        HttpCall post =
            call("POST", "messages", "{\"name\":\"Bot\",\"text\":\"built\",\"id\":\"b1\"}");
        assertThat(t.request("chat", "lobby", post).status()).isEqualTo(201);
        assertThat(t.request("chat", "lobby", post).status()).isEqualTo(200);
        assertThat(frames(ada, "message")).hasSize(1);
        JsonNode page = json(t.request("chat", "lobby", call("GET", "messages", "")));
        assertThat(offsets(page)).containsExactly(1L);
        JsonNode after =
            json(t.request("chat", "lobby", call("GET", "messages", "", "after", "1")));
        assertThat(offsets(after)).isEmpty();
        JsonNode summary = json(t.request("chat", "lobby", call("GET", "", "")));
        assertThat(summary.get("present").asInt()).isEqualTo(1);
        assertThat(summary.get("offset").asLong()).isEqualTo(1);
      });
    }

    @Test
    void bad_requests_are_refused() {
      tester.run(t -> {
        assertThat(refusal(t, call("GET", "nothing", ""))).isEqualTo(404);
        assertThat(refusal(t, call("POST", "messages", "{"))).isEqualTo(400);
        assertThat(refusal(t, call("POST", "messages", "{\"text\":\"x\"}"))).isEqualTo(400);
        assertThat(refusal(t, call("GET", "messages", "", "after", "x"))).isEqualTo(400);
        assertThat(refusal(t, call("GET", "messages", "", "before", "0"))).isEqualTo(400);
        assertThat(t.request("chat", "lobby", call("DELETE", "", "")).status()).isEqualTo(405);
      });
    }
  }
}
