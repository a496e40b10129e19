package dev.dormouse.rooms.limiter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.dormouse.room.Admission;
import dev.dormouse.room.CloseStatus;
import dev.dormouse.room.HttpCall;
import dev.dormouse.room.HttpReply;
import dev.dormouse.room.Refusal;
import dev.dormouse.room.RoomException;
import dev.dormouse.testkit.FakeConnection;
import dev.dormouse.testkit.FakeSockets.Answer;
import dev.dormouse.testkit.MemoryRoomStore.Verdict;
import dev.dormouse.testkit.RoomTester;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A limiter, as clients and other rooms see it.
class LimiterRoomTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final RoomTester tester = RoomTester.of(LimiterNamespace.declaration());

  private static HttpReply ask(RoomTester t, HttpCall call) {
    return t.request("limiter", "ann", call);
  }

  private static HttpCall take(String n) {
    return new HttpCall("POST", "take", Map.of("n", List.of(n)), Map.of(), new byte[0]);
  }

  private static HttpReply take(RoomTester t, long n) {
    return ask(t, take(Long.toString(n)));
  }

  private static HttpCall put(String body, String... ifMatch) {
    Map<String, List<String>> headers =
        ifMatch.length == 0 ? Map.of() : Map.of("if-match", List.of(ifMatch));
    return new HttpCall("PUT", "limit", Map.of(), headers, body.getBytes(StandardCharsets.UTF_8));
  }

  private static void limit(RoomTester t, long capacity, long perSeconds) {
    ask(t, put("{\"capacity\":%d,\"perSeconds\":%d}".formatted(capacity, perSeconds)));
  }

  private static long remaining(RoomTester t) throws Exception {
    return json(ask(t, HttpCall.of("GET", ""))).get("remaining").asLong();
  }

  private static JsonNode json(HttpReply reply) throws Exception {
    return JSON.readTree(reply.text());
  }

  private static Refusal refused(RoomTester t, HttpCall call) {
    return switch (t.requested("limiter", "ann", call)) {
      case Answer.Declined(RoomException error) when error instanceof Refusal refusal -> refusal;
      case Answer other -> throw new AssertionError("not refused: " + other);
    };
  }

  @Nested
  class Taking {
    @Test
    void is_granted_as_long_as_there_are_tokens_and_says_what_is_left() {
      tester.run(t -> {
        limit(t, 10, 60);
        HttpReply first = take(t, 3);
        assertThat(first.status()).isEqualTo(200);
        assertThat(json(first))
            .isEqualTo(
                JSON.readTree(
                    "{\"granted\":true,\"remaining\":7,\"capacity\":10,\"perSeconds\":60,"
                        + "\"fullInMillis\":18000,\"retryInMillis\":0}"));
        assertThat(take(t, 7).status()).isEqualTo(200);

        HttpReply no = take(t, 2);
        assertThat(no.status()).isEqualTo(429);
        assertThat(no.headers()).containsEntry("retry-after", "12");
        assertThat(json(no).get("granted").asBoolean()).isFalse();
        assertThat(json(no).get("retryInMillis").asLong()).isEqualTo(12_000);
      });
    }

    @Test
    void again_after_what_retry_after_says_is_granted() {
      tester.run(t -> {
        limit(t, 7, 10);
        take(t, 7);
        long wait = Long.parseLong(take(t, 3).headers().getOrDefault("retry-after", ""));
        assertThat(wait).isEqualTo(5);
        t.advance(Duration.ofSeconds(wait));
        assertThat(take(t, 3).status()).isEqualTo(200);
      });
    }

    @Test
    void takes_one_from_sixty_a_minute_if_nobody_said_otherwise() {
      tester.run(t -> {
        JsonNode said = json(ask(t, HttpCall.of("POST", "take")));
        assertThat(said.get("remaining").asLong()).isEqualTo(59);
        assertThat(said.get("perSeconds").asLong()).isEqualTo(60);
        take(t, 59);
        assertThat(take(t, 1).headers()).containsEntry("retry-after", "1");
        t.advance(Duration.ofSeconds(1));
        assertThat(take(t, 1).status()).isEqualTo(200);
      });
    }

    @Test
    void is_remembered_across_a_crash() {
      tester.run(t -> {
        limit(t, 10, 1_000);
        take(t, 9);
        t.crash();
        assertThat(remaining(t)).isEqualTo(1);
        assertThat(take(t, 2).status()).isEqualTo(429);
      });
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "61", "-1", "1.5", "x", "", "9999999999999999999"})
    void of_no_possible_number_is_refused(String n) {
      tester.run(t -> assertThat(refused(t, take(n)).status()).isEqualTo(400));
    }

    @Test
    void O1_is_answered_once_it_is_durable() {
      tester.run(t -> {
        t.store().hold();
        long exchange = t.requesting("limiter", "ann", take("1"));
        t.settle();
        assertThat(t.sockets().answer(exchange)).isNull();
        t.store().letAll();
        t.settle();
        assertThat(t.sockets().answer(exchange)).isInstanceOf(Answer.Replied.class);
      });
    }
  }

  @Nested
  class Nothing_is_written {
    @Test
    void when_nothing_changes() {
      tester.run(t -> {
        limit(t, 1, 60);
        take(t, 1);
        long commits = t.disk().commits();
        assertThat(take(t, 1).status()).isEqualTo(429);
        t.advance(Duration.ofSeconds(59));
        assertThat(take(t, 1).status()).isEqualTo(429);
        remaining(t);
        limit(t, 1, 60);
        ask(t, HttpCall.of("GET", "limit"));
        t.connect("limiter", "ann");
        assertThat(t.disk().commits()).isEqualTo(commits);
        assertThat(t.disk().alarms(t.id("limiter", "ann"))).isEmpty();
      });
    }

    @Test
    void H1_and_nothing_happens_as_time_passes() {
      tester.run(t -> {
        FakeConnection watcher = t.connect("limiter", "ann");
        take(t, 5);
        int log = t.sockets().log().size();
        int heard = watcher.received().size();
        t.advance(Duration.ofMinutes(10));
        assertThat(t.sockets().log()).hasSize(log);
        assertThat(watcher.received()).hasSize(heard);
        assertThat(remaining(t)).isEqualTo(60);
      });
    }
  }

  @Nested
  class The_limit {
    @Test
    void S3_has_a_version_of_its_own_that_tokens_do_not_move() {
      tester.run(t -> {
        HttpReply usual = ask(t, HttpCall.of("GET", "limit"));
        assertThat(json(usual)).isEqualTo(JSON.readTree("{\"capacity\":60,\"perSeconds\":60}"));
        assertThat(usual.headers()).containsEntry("etag", "\"0\"");
        take(t, 1);

        HttpReply set = ask(t, put("{\"capacity\":5,\"perSeconds\":10}", "\"0\""));
        assertThat(set.headers()).containsEntry("etag", "\"1\"");
        take(t, 1);

        Refusal late = refused(t, put("{\"capacity\":9,\"perSeconds\":9}", "\"0\""));
        assertThat(late).isInstanceOf(Refusal.VersionConflict.class);
        assertThat(late.status()).isEqualTo(412);
        assertThat(json(ask(t, HttpCall.of("GET", "limit"))).get("capacity").asLong()).isEqualTo(5);
        t.crash();
        assertThat(ask(t, put("{\"capacity\":9,\"perSeconds\":9}", "\"1\"")).headers())
            .containsEntry("etag", "\"2\"");
      });
    }

    @Test
    void when_changed_keeps_the_tokens_that_are_there() {
      tester.run(t -> {
        limit(t, 10, 60);
        take(t, 6);
        limit(t, 100, 10);
        assertThat(remaining(t)).isEqualTo(4);
        limit(t, 3, 3_600);
        assertThat(remaining(t)).isEqualTo(3);
        t.advance(Duration.ofHours(1));
        limit(t, 50, 60);
        assertThat(remaining(t)).isEqualTo(3);
      });
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "",
          "[]",
          "{}",
          "{\"capacity\":1}",
          "{\"capacity\":0,\"perSeconds\":1}",
          "{\"capacity\":1,\"perSeconds\":2678401}",
          "{\"capacity\":\"5\",\"perSeconds\":1}",
          "{\"capacity\":1.5,\"perSeconds\":1}"
        })
    void that_is_none_is_refused(String body) {
      tester.run(t -> assertThat(refused(t, put(body)).status()).isEqualTo(400));
    }
  }

  @Nested
  class Over_http {
    @Test
    void other_methods_and_paths_are_refused() {
      tester.run(t -> {
        assertThat(ask(t, HttpCall.of("GET", "take")).headers()).containsEntry("allow", "POST");
        assertThat(ask(t, HttpCall.of("POST", "limit")).headers())
            .containsEntry("allow", "GET, PUT");
        assertThat(ask(t, HttpCall.of("DELETE", "")).status()).isEqualTo(405);
        assertThat(refused(t, HttpCall.of("GET", "other")).status()).isEqualTo(404);
      });
    }
  }

  @Nested
  class From_another_room {
    @Test
    void it_is_called_by_its_interface() {
      tester.run(t -> {
        Limiter ann = t.rooms().stub(Limiter.class, "limiter", "ann");
        ann.limit(new Limit(2, 1_000));
        assertThat(ann.limit()).isEqualTo(new Limit(2, 1_000));
        assertThat(ann.take(2)).isEqualTo(new Taken(true, 0, 2, 1_000, 1_000_000, 0));
        assertThat(ann.take(1)).isEqualTo(new Taken(false, 0, 2, 1_000, 1_000_000, 500_000));
        assertThatExceptionOfType(Refusal.Refused.class).isThrownBy(() -> ann.take(3));
      });
    }
  }

  @Nested
  class Who_watches {
    @Test
    void hears_what_is_left_first_and_after_each_take() {
      tester.run(t -> {
        limit(t, 10, 60);
        FakeConnection watcher = t.connect("limiter", "ann");
        take(t, 4);
        take(t, 10);
        limit(t, 20, 60);
        t.settle();
        assertThat(watcher.texts())
            .containsExactly(
                "{\"type\":\"remaining\",\"remaining\":10,\"capacity\":10,\"perSeconds\":60,"
                    + "\"fullInMillis\":0}",
                "{\"type\":\"remaining\",\"remaining\":6,\"capacity\":10,\"perSeconds\":60,"
                    + "\"fullInMillis\":24000}",
                "{\"type\":\"remaining\",\"remaining\":6,\"capacity\":20,\"perSeconds\":60,"
                    + "\"fullInMillis\":42000}");
      });
    }

    @Test
    void C5_leaves_quietly() {
      tester.run(t ->
          assertThat(t.knock("limiter", "ann", RoomTester.upgrade(Map.of())))
              .isEqualTo(new Answer.Admitted(Admission.accept().leavingQuietly())));
    }

    @Test
    void O2_is_told_again_after_a_reset() {
      tester.run(t -> {
        FakeConnection watcher = t.connect("limiter", "ann");
        t.store().faults(_ -> new Verdict.Rejected("a test"));
        t.requesting("limiter", "ann", take("5"));
        t.settle();
        t.store().faults(_ -> new Verdict.Durable());
        remaining(t);
        assertThat(watcher.texts()).hasSize(2);
        assertThat(JSON.readTree(watcher.texts().getLast()).get("remaining").asLong())
            .isEqualTo(60);
      });
    }

    @Test
    void only_listens() {
      tester.run(t -> {
        FakeConnection watcher = t.connect("limiter", "ann");
        watcher.send("take");
        t.settle();
        assertThat(watcher.texts().getLast()).contains("\"error\"");
        watcher.send(new byte[] {1});
        t.settle();
        assertThat(watcher.closed().map(CloseStatus::code)).contains(1003);
      });
    }
  }

  @Test
  void while_the_disk_is_full_nothing_is_granted() {
    tester.run(t -> {
      t.store().trouble("no space left");
      assertThat(refused(t, take("1")).status()).isEqualTo(507);
      assertThat(remaining(t)).isEqualTo(60);
      t.store().trouble(null);
      assertThat(take(t, 60).status()).isEqualTo(200);
    });
  }
}
