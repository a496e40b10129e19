package dev.dormouse.rooms.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.dormouse.room.HttpCall;
import dev.dormouse.room.HttpReply;
import dev.dormouse.room.Message;
import dev.dormouse.room.RoomException;
import dev.dormouse.testkit.FakeConnection;
import dev.dormouse.testkit.FakeSockets.Answer;
import dev.dormouse.testkit.MemoryRoomStore.Verdict;
import dev.dormouse.testkit.RoomTester;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The bench contract, from the room's side.
class BenchRoomTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final RoomTester tester = RoomTester.of(BenchNamespace.declaration());

  private static HttpCall call(String method, String path, String... query) {
    Map<String, List<String>> parameters = new java.util.HashMap<>();
    for (int i = 0; i < query.length; i += 2) {
      parameters.put(query[i], List.of(query[i + 1]));
    }
    return new HttpCall(method, path, parameters, Map.of(), new byte[0]);
  }

  private static JsonNode info(RoomTester t) throws Exception {
    return JSON.readTree(t.request("bench", "r0", call("GET", "info")).text());
  }

  @Nested
  class A_text {
    @Test
    void of_e_goes_back_to_its_sender_only() {
      tester.run(t -> {
        FakeConnection ada = t.connect("bench", "r0");
        FakeConnection bob = t.connect("bench", "r0");
        ada.send("e hello");
        t.settle();
        assertThat(ada.texts()).containsExactly("e hello");
        assertThat(bob.received()).isEmpty();
      });
    }

    @Test
    void of_b_goes_to_every_socket_of_the_room() {
      tester.run(t -> {
        FakeConnection ada = t.connect("bench", "r0");
        FakeConnection bob = t.connect("bench", "r0");
        FakeConnection other = t.connect("bench", "r1");
        ada.send("b1");
        t.settle();
        assertThat(ada.texts()).containsExactly("b1");
        assertThat(bob.texts()).containsExactly("b1");
        assertThat(other.received()).isEmpty();
      });
    }

    @Test
    void of_t_counts_and_is_answered_only_once_the_count_is_durable() {
      tester.run(t -> {
        FakeConnection ada = t.connect("bench", "r0");
        t.store().hold();
        ada.send("t");
        t.settle();
        assertThat(ada.received()).isEmpty();
        t.store().letAll();
        t.settle();
        ada.send("t and more");
        t.settle();
        assertThat(ada.texts()).containsExactly("t1", "t2");
      });
    }

    @Test
    void of_i_brings_the_info_and_the_attachment() {
      tester.run(t -> {
        FakeConnection ada = t.connect("bench", "r0");
        ada.send("i");
        t.settle();
        List<JsonNode> parts = new ArrayList<>();
        try (MappingIterator<JsonNode> values =
            JSON.readerFor(JsonNode.class).readValues(ada.texts().getFirst())) {
          values.forEachRemaining(parts::add);
        }
        assertThat(parts).hasSize(2);
        assertThat(parts.getFirst().get("sockets").asInt()).isEqualTo(1);
        assertThat(parts.get(1).get("n").asLong()).isEqualTo(1);
        assertThat(parts.get(1).get("t").asLong()).isPositive();
      });
    }

    @Test
    void of_a_sets_an_alarm_that_every_socket_hears() {
      tester.run(t -> {
        FakeConnection ada = t.connect("bench", "r0");
        FakeConnection bob = t.connect("bench", "r0");
        ada.send("a500");
        t.settle();
        assertThat(ada.texts()).containsExactly("a");
        t.advance(Duration.ofMillis(600));
        assertThat(ada.texts()).containsExactly("a", "alarm");
        assertThat(bob.texts()).containsExactly("alarm");
      });
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "z", "a", "a-1", "a1e9", "a9999999999999999999", "é"})
    void that_is_none_of_these_closes_its_connection_and_no_other(String bad) {
      tester.run(t -> {
        FakeConnection ada = t.connect("bench", "r0");
        FakeConnection bob = t.connect("bench", "r0");
        ada.send(bad);
        t.settle();
        assertThat(ada.closed()).hasValueSatisfying(c -> assertThat(c.code()).isEqualTo(1003));
        bob.send("e");
        t.settle();
        assertThat(bob.texts()).containsExactly("e");
        assertThat(info(t).get("ctorRoom").asInt()).isEqualTo(1);
      });
    }
  }

  @Test
  void a_binary_message_comes_back() {
    tester.run(t -> {
      FakeConnection ada = t.connect("bench", "r0");
      ada.send(new byte[] {1, 2, 3});
      t.settle();
      assertThat(ada.received()).containsExactly(Message.of(new byte[] {1, 2, 3}));
    });
  }

  @Nested
  class A_transaction {
    @Test
    void counts_from_1_and_compares_if_asked() {
      tester.run(t -> {
        assertThat(t.request("bench", "r0", call("GET", "get")).text()).isEqualTo("0");
        assertThat(t.request("bench", "r0", call("POST", "tx")).text()).isEqualTo("1");
        HttpReply second = t.request("bench", "r0", call("POST", "tx", "expect", "1"));
        assertThat(second.status()).isEqualTo(200);
        assertThat(second.text()).isEqualTo("2");
        HttpReply late = t.request("bench", "r0", call("POST", "tx", "expect", "1"));
        assertThat(late.status()).isEqualTo(409);
        assertThat(late.text()).isEqualTo("2");
        assertThat(t.request("bench", "r0", call("GET", "get")).text()).isEqualTo("2");
      });
    }

    @Test
    void that_was_answered_survives_a_crash() {
      tester.run(t -> {
        t.request("bench", "r0", call("POST", "tx"));
        t.crash();
        assertThat(t.request("bench", "r0", call("GET", "get")).text()).isEqualTo("1");
        assertThat(info(t).get("mem").asInt()).isEqualTo(2);
      });
    }

    @Test
    void that_failed_to_commit_is_not_counted() {
      tester.run(t -> {
        FakeConnection ada = t.connect("bench", "r0");
        t.store().faults(_ -> new Verdict.Rejected("a test"));
        ada.send("t");
        t.settle();
        t.store().faults(_ -> new Verdict.Durable());
        ada.send("t");
        t.settle();
        assertThat(ada.texts()).containsExactly("t1");
        assertThat(info(t).get("ctorRoom").asInt()).isEqualTo(2);
      });
    }
  }

  @Nested
  class An_alarm {
    @Test
    void fails_as_often_as_asked_and_is_then_logged_as_a_retry() {
      tester.run(t -> {
        t.request("bench", "r0", call("POST", "alarm", "ms", "100", "fail", "2"));
        assertThat(info(t).get("alarmAt").asLong()).isPositive();
        t.advance(Duration.ofSeconds(15));
        JsonNode info = info(t);
        assertThat(info.get("alarms").asInt()).isEqualTo(1);
        assertThat(info.get("alarmLog")).hasSize(1);
        assertThat(info.get("alarmLog").get(0).get(1).asInt()).isEqualTo(2);
        assertThat(info.get("alarmLog").get(0).get(2).asBoolean()).isTrue();
        assertThat(info.get("alarmAt").isNull()).isTrue();
        assertThat(info.get("ctorRoom").asInt()).isEqualTo(3);
      });
    }

    @Test
    void leaves_the_last_20_in_the_log() {
      tester.run(t -> {
        for (int i = 0; i < 23; i++) {
          t.request("bench", "r0", call("POST", "alarm", "ms", "0"));
          t.advance(Duration.ofMillis(10));
        }
        JsonNode info = info(t);
        assertThat(info.get("alarms").asInt()).isEqualTo(23);
        assertThat(info.get("alarmLog")).hasSize(20);
      });
    }
  }

  @Nested
  class A_bad_request {
    @Test
    void is_refused_and_changes_nothing() {
      tester.run(t -> {
        assertThat(refusal(t, call("GET", "nothing"))).isEqualTo(404);
        assertThat(refusal(t, call("POST", "tx", "expect", "x"))).isEqualTo(400);
        assertThat(refusal(t, call("POST", "alarm"))).isEqualTo(400);
        assertThat(refusal(t, call("POST", "alarm", "ms", "-1"))).isEqualTo(400);
        assertThat(t.request("bench", "r0", call("GET", "tx")).status()).isEqualTo(405);
        assertThat(t.request("bench", "r0", call("POST", "info")).status()).isEqualTo(405);
        assertThat(info(t).get("v").asInt()).isZero();
        assertThat(info(t).get("ctorRoom").asInt()).isEqualTo(1);
      });
    }

    private static int refusal(RoomTester t, HttpCall call) {
      return switch (t.requested("bench", "r0", call)) {
        case Answer.Declined(RoomException error) ->
            error instanceof dev.dormouse.room.Refusal refusal ? refusal.status() : -1;
        case Answer other -> throw new AssertionError("not refused: " + other);
      };
    }
  }
}
