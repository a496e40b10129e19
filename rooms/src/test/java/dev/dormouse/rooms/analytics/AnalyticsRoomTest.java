package dev.dormouse.rooms.analytics;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.dormouse.room.Access;
import dev.dormouse.room.HttpCall;
import dev.dormouse.room.Identity;
import dev.dormouse.room.Refusal;
import dev.dormouse.storage.sql.SqlRoomStore;
import dev.dormouse.testkit.FakeConnection;
import dev.dormouse.testkit.FakeSockets.Answer;
import dev.dormouse.testkit.RoomTester;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// An analytics room, as clients see it.
class AnalyticsRoomTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir Path folder;
  private RoomTester tester;

  @BeforeEach
  void stage() {
    tester =
        RoomTester.of(AnalyticsNamespace.declaration())
            .storedBy(
                (memory, execution) ->
                    SqlRoomStore.simulated(memory, folder, Set.of("analytics"), execution),
                store -> ((SqlRoomStore) store).die());
  }

  private static JsonNode ask(RoomTester t, String method, String path, String body)
      throws Exception {
    HttpCall call = HttpCall.of(method, path).withBody(body);
    return JSON.readTree(t.request("analytics", "site", call).text());
  }

  private static int refusal(RoomTester t, String path, String body) {
    HttpCall call = HttpCall.of("POST", path).withBody(body);
    return switch (t.requested("analytics", "site", call)) {
      case Answer.Declined(Refusal refusal) -> refusal.status();
      case Answer other -> throw new AssertionError("not refused: " + other);
    };
  }

  private static String events(int from, int to) {
    return IntStream.range(from, to)
        .mapToObj(i -> "{\"id\":\"e%d\",\"name\":\"view\",\"data\":{\"n\":%d}}".formatted(i, i))
        .collect(Collectors.joining(",", "{\"events\":[", "]}"));
  }

  private static JsonNode query(RoomTester t, String sql) throws Exception {
    return ask(t, "POST", "query", "{\"sql\":%s}".formatted(JSON.writeValueAsString(sql)));
  }

  private static long count(RoomTester t) throws Exception {
    return query(t, "SELECT count(*) FROM event").at("/rows/0/0").asLong();
  }

  @Test
  void who_only_looks_leaves_no_database() throws Exception {
    tester.run(t -> {
      for (int i = 0; i < 20; i++) {
        String name = "probe" + i;
        t.request("analytics", name, HttpCall.of("GET", ""));
        t.connect("analytics", name).send("{\"type\":\"query\",\"sql\":\"SELECT 1\"}");
      }
      assertThat(count(t)).isZero();
      assertThat(ask(t, "GET", "", "").get("events").asLong()).isZero();
      t.settle();
      try (Stream<Path> files = Files.walk(folder)) {
        assertThat(files.filter(file -> file.toString().contains(".db"))).isEmpty();
      }
    });
  }

  @Test
  void takes_events_once_and_answers_in_SQL() throws Exception {
    tester.run(t -> {
      JsonNode first = ask(t, "POST", "events", events(0, 10));
      assertThat(first.get("taken").asInt()).isEqualTo(10);
      JsonNode again = ask(t, "POST", "events", events(5, 12));
      assertThat(again.get("taken").asInt()).isEqualTo(2);
      assertThat(again.get("known").asInt()).isEqualTo(5);

      JsonNode found =
          ask(
              t,
              "POST",
              "query",
              "{\"sql\":\"SELECT name, sum(data ->> 'n') AS n FROM event WHERE name = ? GROUP BY"
                  + " name\",\"parameters\":[\"view\"]}");
      assertThat(found.get("columns").toString()).isEqualTo("[\"name\",\"n\"]");
      assertThat(found.get("rows").toString()).isEqualTo("[[\"view\",66]]");
      assertThat(found.get("more").asBoolean()).isFalse();
    });
  }

  @Test
  void who_may_only_read_asks_and_sends_no_events() throws Exception {
    tester.run(t -> {
      FakeConnection reader = t.connect("analytics", "site", Identity.anonymous(Access.READ));
      reader.send("{\"type\":\"events\"," + events(0, 2).substring(1));
      reader.send("{\"type\":\"query\",\"sql\":\"SELECT count(*) FROM event\"}");
      t.settle();
      assertThat(reader.texts().getFirst()).contains("\"status\":403");
      assertThat(reader.texts().getLast()).contains("\"rows\":[[0]]");
    });
  }

  @Test
  void an_events_id_counts_across_a_crash() throws Exception {
    tester.run(t -> {
      ask(t, "POST", "events", events(0, 3));
      t.crash();
      assertThat(ask(t, "POST", "events", events(0, 4)).get("taken").asInt()).isEqualTo(1);
      assertThat(count(t)).isEqualTo(4);
    });
  }

  @Test
  void speaks_the_same_over_WebSocket() throws Exception {
    tester.run(t -> {
      FakeConnection client = t.connect("analytics", "site");
      client.send("{\"type\":\"events\",\"ref\":1," + events(0, 2).substring(1));
      client.send(
          "{\"type\":\"query\",\"ref\":\"q\",\"sql\":\"SELECT id FROM event ORDER BY id\"}");
      client.send("{\"type\":\"query\",\"ref\":3,\"sql\":\"DELETE FROM event\"}");
      client.send("{\"type\":\"nothing\"}");
      client.send("[]");
      t.settle();

      assertThat(client.texts())
          .containsExactly(
              "{\"type\":\"taken\",\"ref\":1,\"taken\":2,\"known\":0,\"old\":0}",
              "{\"type\":\"rows\",\"ref\":\"q\",\"columns\":[\"id\"],\"rows\":[[\"e0\"],[\"e1\"]],\"more\":false}",
              "{\"type\":\"error\",\"ref\":3,\"status\":403,\"message\":\"only statements that read"
                  + " are allowed here\"}",
              "{\"type\":\"error\",\"status\":400,\"message\":\"'type' is 'events' or 'query'\"}",
              "{\"type\":\"error\",\"status\":400,\"message\":\"this is not the JSON that belongs"
                  + " here: not one JSON object with the fields that belong here\"}");
      assertThat(count(t)).isEqualTo(2);
    });
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "INSERT INTO event VALUES ('x','x',1,'x') | 403",
        "DROP TABLE event | 403",
        "PRAGMA table_info(event) | 403",
        "SELECT * FROM _dormouse_entry | 403",
        "SELECT 1; SELECT 2 | 403",
        "SELECT * FROM nothing | 400",
        "SELECT ? | 400",
        "SELECT zeroblob(100000000) | 400",
        "WITH RECURSIVE n(x) AS (VALUES (1) UNION ALL SELECT x + 1 FROM n) SELECT count(*) FROM n |"
            + " 413",
      })
  void questions_that_harm_are_refused_and_the_room_lives(String sql, int status) {
    tester.run(t -> {
      ask(t, "POST", "events", events(0, 3));
      assertThat(refusal(t, "query", "{\"sql\":%s}".formatted(JSON.writeValueAsString(sql))))
          .isEqualTo(status);
      assertThat(count(t)).isEqualTo(3);
    });
  }

  @Test
  void an_answer_has_a_limit() throws Exception {
    tester.run(t -> {
      ask(t, "POST", "events", events(0, 1_000));
      JsonNode some = ask(t, "POST", "query", "{\"sql\":\"SELECT id FROM event\",\"limit\":10}");
      assertThat(some.get("rows")).hasSize(10);
      assertThat(some.get("more").asBoolean()).isTrue();
      JsonNode large = query(t, "SELECT hex(zeroblob(100000)) FROM event");
      assertThat(large.get("rows").size()).isBetween(4, 8);
      assertThat(large.get("more").asBoolean()).isTrue();
    });
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{}",
        "{\"events\":[]}",
        "{\"events\":[{\"name\":\"a\"}]}",
        "{\"events\":[{\"id\":\"a b\",\"name\":\"a\"}]}",
        "{\"events\":[{\"id\":\"a\",\"name\":\"a b\"}]}",
        "{\"events\":[{\"id\":\"a\",\"name\":\"a\",\"at\":-1}]}",
        "{\"events\":[{\"id\":\"a\",\"name\":\"a\",\"at\":99999999999999}]}",
        "{\"events\":[{\"id\":\"a\",\"name\":\"a\",\"data\":7}]}",
        "{\"events\":[{\"id\":\"a\",\"name\":\"a\"},{\"id\":7}]}",
      })
  void a_batch_with_anything_wrong_in_it_is_refused_as_a_whole(String body) {
    tester.run(t -> {
      assertThat(refusal(t, "events", body)).isEqualTo(400);
      assertThat(count(t)).isZero();
    });
  }

  @Test
  void events_go_when_they_are_too_old_and_old_ones_are_not_taken() throws Exception {
    tester.run(t -> {
      ask(t, "PUT", "retention", "{\"days\":2}");
      ask(t, "POST", "events", events(0, 3));
      t.advance(Duration.ofDays(1));
      ask(t, "POST", "events", events(3, 5));
      t.advance(Duration.ofHours(25));

      assertThat(query(t, "SELECT id FROM event ORDER BY id").get("rows").toString())
          .isEqualTo("[[\"e3\"],[\"e4\"]]");
      long old = t.execution().millis() - Duration.ofDays(3).toMillis();
      String late = "{\"events\":[{\"id\":\"late\",\"name\":\"x\",\"at\":" + old + "}]}";
      assertThat(ask(t, "POST", "events", late).get("old").asInt()).isEqualTo(1);
      t.advance(Duration.ofDays(3));
      assertThat(count(t)).isZero();
      JsonNode state = ask(t, "GET", "", "");
      assertThat(state.get("events").asLong()).isZero();
      assertThat(state.get("retentionDays").asInt()).isEqualTo(2);
    });
  }

  @Test
  void H2_it_sleeps_with_its_clients_and_answers_when_they_speak() throws Exception {
    tester.run(t -> {
      FakeConnection client = t.connect("analytics", "site");
      client.send("{\"type\":\"events\"," + events(0, 2).substring(1));
      t.advance(Duration.ofMinutes(1));
      assertThat(t.node().awake()).isZero();
      client.send("{\"type\":\"query\",\"sql\":\"SELECT count(*) FROM event\"}");
      t.settle();

      assertThat(client.texts().getLast()).contains("[[2]]");
    });
  }
}
