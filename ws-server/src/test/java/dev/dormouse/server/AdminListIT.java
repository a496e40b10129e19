package dev.dormouse.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.dormouse.room.RoomId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Lists of rooms, and the names by which rooms are found.
@Timeout(120)
class AdminListIT extends WithAdmin {
  @Nested
  class A_list {
    private static final int MANY = 2_500;

    private static boolean made;

    /// Makes 2,500 rooms that are stored and sleep, once.
    private static void many() throws Exception {
      if (!made) {
        try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
          List<Future<?>> calls = new ArrayList<>();
          for (int i = 0; i < MANY; i++) {
            String name = "Nap/%04d".formatted(i);
            calls.add(callers.submit(() -> stored("naps", name)));
          }
          for (Future<?> call : calls) {
            call.get();
          }
        }
        admin.until("/namespaces", it -> it.json().at("/namespaces/0/awake").asInt() == 0);
        made = true;
      }
    }

    private static List<String> names(List<JsonNode> rooms) {
      return rooms.stream().map(it -> it.path("name").asText()).toList();
    }

    @Test
    void of_2500_rooms_has_each_once_over_all_pages() throws Exception {
      many();

      List<JsonNode> rooms = admin.all("/rooms?namespace=naps&search=nap/&limit=400");

      assertThat(names(rooms))
          .containsExactlyInAnyOrderElementsOf(
              IntStream.range(0, MANY).mapToObj("Nap/%04d"::formatted).toList());
      assertThat(rooms.stream().map(it -> it.path("id").asText())).isSorted();
      assertThat(rooms)
          .allSatisfy(it -> {
            assertThat(it.path("state").asText()).isEqualTo("asleep");
            assertThat(it.path("connections").asInt()).isZero();
            assertThat(Instant.parse(it.path("since").asText())).isBefore(Instant.now());
          });
    }

    @Test
    void has_100_rooms_if_nothing_is_said_and_a_cursor() throws Exception {
      many();

      AdminClient.Reply page = admin.get("/rooms?namespace=naps&state=asleep");

      assertThat(page.json().path("rooms")).hasSize(100);
      assertThat(page.json().path("scanned").asInt()).isEqualTo(100);
      assertThat(page.text("next")).isNotEmpty();
    }

    @Test
    void of_a_search_has_what_contains_the_text_in_any_case() throws Exception {
      many();

      assertThat(names(admin.all("/rooms?namespace=naps&search=nAP%2F00&limit=7")))
          .containsExactlyInAnyOrderElementsOf(
              IntStream.range(0, 100).mapToObj("Nap/%04d"::formatted).toList());
      AdminClient.Reply none = admin.get("/rooms?namespace=naps&search=no+such");
      assertThat(none.json().path("rooms")).isEmpty();
      assertThat(none.json().path("scanned").asInt()).isGreaterThanOrEqualTo(MANY);
      assertThat(none.json().has("next")).isFalse();
    }

    @Test
    void has_rooms_of_which_nothing_is_stored_as_long_as_they_are_awake() throws Exception {
      request(room("talk", "rowless"), "");

      String path = "/rooms?namespace=talk&search=rowless&state=";
      assertThat(names(admin.all(path + "awake"))).containsExactly("rowless");
      assertThat(names(admin.all(path + "any"))).containsExactly("rowless");
      assertThat(admin.all(path + "asleep")).isEmpty();

      assertThat(admin.post("/rooms/talk/rowless/evict").status()).isEqualTo(200);
      assertThat(admin.all(path + "any")).isEmpty();
    }

    @Test
    void has_stored_rooms_once_whether_they_sleep_or_not() throws Exception {
      stored("talk", "drowsy");
      String path = "/rooms?search=drowsy&state=";
      assertThat(names(admin.all(path + "any"))).containsExactly("drowsy");
      assertThat(names(admin.all(path + "awake"))).containsExactly("drowsy");
      assertThat(admin.all(path + "asleep")).isEmpty();

      admin.post("/rooms/talk/drowsy/evict");
      assertThat(names(admin.all(path + "any"))).containsExactly("drowsy");
      assertThat(admin.all(path + "awake")).isEmpty();
      assertThat(names(admin.all(path + "asleep"))).containsExactly("drowsy");
    }

    @Test
    void without_a_namespace_is_of_all_of_them_and_tells_the_connections() throws Exception {
      stored("talk", "everywhere");
      stored("naps", "everywhere");
      try (RawWebSocket client = RawWebSocket.open(server.port(), "/talk/everywhere")) {
        client.readText();

        List<JsonNode> rooms = admin.all("/rooms?search=everywhere&limit=1");

        assertThat(rooms.stream().map(it -> it.path("namespace").asText()))
            .containsExactly("naps", "talk");
        assertThat(rooms.getLast().path("connections").asInt()).isEqualTo(1);
      }
    }
  }

  @Nested
  class Names {
    @ParameterizedTest
    @ValueSource(strings = {"evict", "x/wake", "a//b", "-/-", "grüße und küsse", "50%", "a?b"})
    void of_any_kind_can_be_looked_at_evicted_and_woken(String name) throws Exception {
      RoomId room = stored("talk", name);
      String path = "/rooms/talk/" + java.net.URLEncoder.encode(name, UTF_8).replace("+", "%20");

      assertThat(admin.get(path).text("id")).isEqualTo(room.hex());
      assertThat(admin.post(path + "/evict").text("name")).isEqualTo(name);
      assertThat(admin.post(path + "/wake").text("name")).isEqualTo(name);
    }
  }
}
