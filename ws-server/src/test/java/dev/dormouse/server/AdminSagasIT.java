package dev.dormouse.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.dormouse.room.HttpCall;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// An operator and the sagas of a real server: finds what is parked without waking anybody, and
/// deals with it.
@Timeout(120)
class AdminSagasIT {
  @TempDir static Path folder;

  private static RoomServer server;
  private static AdminClient admin;

  @BeforeAll
  static void start() {
    server =
        RoomServer.builder()
            .namespaces(OrderRooms.namespaces())
            .sagas(List.of(OrderRooms.SAGA))
            .data(folder)
            .port(0)
            .set(Setting.ADMIN, "0")
            .set(Setting.CLOSING, "1")
            .start();
    admin = new AdminClient(server);
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static String path(String room, String saga) {
    return "/sagas/shop/" + room + "/-/" + saga;
  }

  private static void begin(String room, String saga) {
    HttpCall call = new HttpCall("POST", saga, Map.of(), Map.of(), "x".getBytes(UTF_8));
    assertThat(server.rooms().request(server.rooms().idFromName("shop", room), call).status())
        .isEqualTo(200);
  }

  private static AdminClient.Reply until(String room, String saga, String status) throws Exception {
    return admin.until(path(room, saga), it -> it.text("status").equals(status));
  }

  /// Starts a saga that is going to be parked, and waits until its room sleeps.
  private static AdminClient.Reply parked(String room, String saga) throws Exception {
    OrderRooms.CLOSED.add(saga);
    begin(room, saga);
    until(room, saga, "PARKED_FORWARD");
    admin.until("/rooms/shop/" + room, it -> it.text("state").equals("asleep"));
    return admin.get(path(room, saga));
  }

  @Test
  void H4_what_is_parked_is_found_and_told_whole_while_its_room_sleeps() throws Exception {
    AdminClient.Reply saga = parked("lisbon", "o-1");
    String since = admin.get("/rooms/shop/lisbon").text("since");

    List<JsonNode> listed = list("/sagas?status=parked&search=o-1");
    assertThat(listed).hasSize(1);
    assertThat(listed.getFirst().at("/room/name").asText()).isEqualTo("lisbon");
    assertThat(saga.text("cause")).contains("the depot is closed");
    assertThat(saga.json().path("steps").findValuesAsText("act"))
        .containsExactly("DONE", "DONE", "REFUSED");
    assertThat(saga.json().path("alarms").findValuesAsText("what")).containsExactly("review");
    assertThat(saga.json().path("dead")).hasSize(1);
    assertThat(saga.json().path("possible").findValuesAsText("verb"))
        .containsExactly("retry", "resolve", "skip", "pause");
    assertThat(saga.json().path("timeline").size()).isGreaterThan(3);
    assertThat(admin.get("/overview").json().path("parked").findValuesAsText("saga"))
        .contains("o-1");
    AdminClient.Reply room = admin.get("/rooms/shop/lisbon");
    assertThat(room.text("state")).isEqualTo("asleep");
    assertThat(room.text("since")).as("nobody woke it").isEqualTo(since);
  }

  private static List<JsonNode> list(String path) throws Exception {
    AdminClient.Reply reply = admin.get(path);
    assertThat(reply.status()).as("%s", reply).isEqualTo(200);
    return List.copyOf(reply.json().path("sagas").findParents("saga"));
  }

  @Test
  void one_that_is_parked_is_tried_again_and_completes() throws Exception {
    parked("oslo", "o-2");
    OrderRooms.CLOSED.remove("o-2");

    AdminClient.Reply reply =
        admin.order(path("oslo", "o-2") + "/retry", "{\"actor\":\"ada\",\"note\":\"opened\"}");

    assertThat(reply.status()).as("%s", reply).isEqualTo(200);
    AdminClient.Reply saga = until("oslo", "o-2", "COMPLETED");
    assertThat(saga.json().path("timeline").findValuesAsText("detail"))
        .anyMatch(detail -> detail.contains("ada") && detail.contains("opened"));
    assertThat(saga.json().path("dead").get(0).path("closedBy").asText()).isEqualTo("ada");
    assertThat(saga.json().path("possible")).isEmpty();
    assertThat(list("/sagas?status=completed&search=o-2")).hasSize(1);
    assertThat(list("/sagas?status=open&search=o-2")).isEmpty();
  }

  @Test
  void a_step_that_is_parked_is_skipped_or_counted_as_done() throws Exception {
    parked("rome", "o-3");
    parked("rome", "o-4");

    String note = "{\"actor\":\"ada\",\"note\":\"by hand\",\"step\":\"ship\"";
    assertThat(admin.order(path("rome", "o-3") + "/skip", note + "}").status()).isEqualTo(200);
    assertThat(admin.order(path("rome", "o-4") + "/resolve", note + ",\"applied\":true}").status())
        .isEqualTo(200);

    assertThat(until("rome", "o-3", "COMPLETED").json().path("steps").findValuesAsText("act"))
        .containsExactly("DONE", "DONE", "SKIPPED");
    assertThat(until("rome", "o-4", "COMPLETED").json().path("steps").findValuesAsText("act"))
        .containsExactly("DONE", "DONE", "DONE");
  }

  @Test
  void one_that_is_parked_can_be_paused_and_resumed_but_not_turned_back() throws Exception {
    parked("bern", "o-5");

    AdminClient.Reply paused = admin.order(path("bern", "o-5") + "/pause", "{\"actor\":\"ada\"}");
    assertThat(paused.json().path("paused").asBoolean()).as("%s", paused).isTrue();
    AdminClient.Reply resumed = admin.order(path("bern", "o-5") + "/resume", "{\"actor\":\"ada\"}");
    assertThat(resumed.json().path("paused").asBoolean()).as("%s", resumed).isFalse();
    AdminClient.Reply refused = admin.order(path("bern", "o-5") + "/cancel", "{\"actor\":\"ada\"}");
    assertThat(refused.status()).isEqualTo(409);
    assertThat(refused.text("message")).contains("retry, skip or resolve");
    assertThat(refused.text("outcome")).isEqualTo("NOT_APPLIED");
  }

  @Test
  void an_order_to_a_room_that_never_was_makes_none() throws Exception {
    assertThat(admin.order(path("nowhere", "o-6") + "/retry", "{\"actor\":\"ada\"}").status())
        .isEqualTo(404);
    assertThat(admin.get("/rooms/shop/nowhere").status()).isEqualTo(404);
  }

  @Test
  void many_are_listed_page_by_page() throws Exception {
    for (int i = 0; i < 12; i++) {
      begin("page-" + i % 3, "page-" + i);
    }
    for (int i = 0; i < 12; i++) {
      until("page-" + i % 3, "page-" + i, "COMPLETED");
    }
    AdminClient.Reply page = admin.get("/sagas?status=completed&search=page&limit=5");
    int found = page.json().path("sagas").size();
    for (int pages = 1; page.json().has("next") && pages < 50; pages++) {
      page = admin.get("/sagas?status=completed&search=page&limit=5&after=" + page.text("next"));
      found += page.json().path("sagas").size();
    }
    assertThat(found).isEqualTo(12);
  }
}
