package dev.dormouse.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.dormouse.room.HttpCall;
import dev.dormouse.room.RoomId;
import dev.dormouse.storage.StoreFailpoints;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What the inspector says of rooms, and does to them.
@Timeout(120)
class AdminIT extends WithAdmin {
  @Nested
  class Namespaces {
    @Test
    void are_all_listed_with_their_limits_and_how_many_rooms_are_awake() throws Exception {
      request(room("talk", "counted"), "");
      AdminClient.Reply reply =
          admin.until("/namespaces", it -> it.json().at("/namespaces/0/awake").asInt() == 0);

      assertThat(reply.status()).isEqualTo(200);
      JsonNode naps = reply.json().at("/namespaces/0");
      JsonNode talk = reply.json().at("/namespaces/1");
      assertThat(naps.path("name").asText()).isEqualTo("naps");
      assertThat(naps.path("idleMillis").asInt()).isEqualTo(20);
      assertThat(talk.path("name").asText()).isEqualTo("talk");
      assertThat(talk.path("awake").asInt()).isPositive();
      assertThat(talk.at("/limits/messageBytes").asInt()).isEqualTo(1024 * 1024);
      assertThat(talk.at("/limits/turnMillis").asInt()).isEqualTo(30_000);
    }
  }

  @Nested
  class A_look_at_a_room {
    @Test
    void H4_that_was_used_lately_says_so() throws Exception {
      stored("talk", "used");

      AdminClient.Reply reply = admin.until("/rooms/talk/used", it -> it.conditions().size() == 1);

      assertThat(reply.conditions()).containsExactly("RECENTLY_USED");
      assertThat(reply.json().at("/keptAwake/0/amount").asLong()).isBetween(1L, 3_600_000L);
      assertThat(reply.text("state")).isEqualTo("awake");
      assertThat(reply.text("name")).isEqualTo("used");
      assertThat(reply.text("id")).isEqualTo(room("talk", "used").hex());
      assertThat(Instant.parse(reply.text("since"))).isBefore(Instant.now());
      assertThat(reply.text("why")).startsWith("awake: it was used lately and may sleep in ");
    }

    @Test
    void H4_whose_handler_waits_for_something_outside_says_so() throws Exception {
      Thread caller = begin("outside", "outside");
      AdminClient.Reply reply =
          admin.until("/rooms/talk/outside", it -> it.conditions().contains("SUSPENDED"));
      let("outside");
      caller.join();

      assertThat(reply.conditions()).contains("SUSPENDED").doesNotContain("RUNNING", "QUEUED");
      assertThat(reply.text("why")).contains("1 handler waits for something outside");
    }

    @Test
    void H4_with_timers_says_how_many() throws Exception {
      request(room("talk", "timers"), "timer");
      request(room("talk", "timers"), "timer");

      AdminClient.Reply reply = admin.get("/rooms/talk/timers");

      assertThat(reply.conditions()).contains("TIMERS");
      assertThat(reply.text("why")).contains("2 timers are set");
    }

    @Test
    void H4_whose_handler_blocks_says_how_many_events_wait_behind_it() throws Exception {
      Thread caller = begin("blocked", "wait");
      List<Thread> others =
          IntStream.range(0, 3)
              .mapToObj(_ -> Thread.ofVirtual().start(() -> request(room("talk", "blocked"), "")))
              .toList();
      AdminClient.Reply reply =
          admin.until("/rooms/talk/blocked", it -> it.text("why").contains("3 events wait"));
      let("blocked");
      caller.join();
      for (Thread other : others) {
        other.join();
      }

      assertThat(reply.conditions()).contains("RUNNING", "QUEUED");
    }

    @Test
    void H4_whose_words_wait_for_a_slow_disk_says_so() throws Exception {
      RoomId room = room("talk", "slow-disk");
      request(room, "");
      AdminClient.Reply reply;
      Thread caller;
      try (var _ = EXECUTION.hold(StoreFailpoints.BEFORE_COMMIT, 0)) {
        caller = Thread.ofVirtual().start(() -> request(room, "value"));
        reply = admin.until("/rooms/talk/slow-disk", it -> it.conditions().contains("HELD_OUTPUT"));
      }
      caller.join();

      assertThat(reply.conditions()).contains("COMMITTING");
      assertThat(reply.text("why")).contains("1 of its writes is not durable yet");
    }

    @Test
    void tells_its_connections_and_that_they_stay_when_it_sleeps() throws Exception {
      stored("talk", "guests");
      try (RawWebSocket one = RawWebSocket.open(server.port(), "/talk/guests");
          RawWebSocket two = RawWebSocket.open(server.port(), "/talk/guests")) {
        one.readText();
        two.readText();
        assertThat(admin.get("/rooms/talk/guests").json().path("connections").asInt()).isEqualTo(2);

        sleep("guests");

        AdminClient.Reply asleep = admin.get("/rooms/talk/guests");
        assertThat(asleep.text("state")).isEqualTo("asleep");
        assertThat(asleep.json().path("connections").asInt()).isEqualTo(2);
        assertThat(asleep.conditions()).isEmpty();
        assertThat(asleep.text("why"))
            .isEqualTo("asleep since " + asleep.text("since") + "; 2 connections stay open");
      }
    }

    @Test
    void by_its_id_finds_the_room_with_its_name() throws Exception {
      RoomId named = stored("talk", "by-id");
      RoomId unnamed = server.rooms().newUniqueId("talk");
      request(unnamed, "value");
      for (RoomId room : List.of(named, unnamed)) {
        String path = "/rooms/talk?id=" + room.hex();
        assertThat(admin.get(path).text("state")).isEqualTo("awake");
        assertThat(admin.post("/rooms/talk/evict?id=" + room.hex()).status()).isEqualTo(200);
        assertThat(admin.get(path).text("state")).isEqualTo("asleep");
      }

      assertThat(admin.get("/rooms/talk?id=" + named.hex()).text("name")).isEqualTo("by-id");
      assertThat(admin.get("/rooms/talk?id=" + unnamed.hex()).json().has("name")).isFalse();
    }

    @Test
    void that_nobody_has_heard_of_is_404_and_makes_none() throws Exception {
      AdminClient.Reply reply = admin.get("/rooms/talk/never/was");

      assertThat(reply.status()).isEqualTo(404);
      assertThat(reply.text("error")).isEqualTo("not-found");
      assertThat(reply.text("room")).isEqualTo("talk/never/was");
      assertThat(admin.post("/rooms/talk/never/was/wake").status()).isEqualTo(404);
      assertThat(admin.post("/rooms/talk/never/was/evict").status()).isEqualTo(404);
      assertThat(admin.all("/rooms?search=never")).isEmpty();
    }
  }

  /// What of a server would have changed if a room had woken.
  private static List<String> activity() throws IOException {
    try (RawWebSocket client = RawWebSocket.dial(server.port())) {
      client.bytes(
          "GET /metrics HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".getBytes(UTF_8));
      client.head();
      return client
          .rest()
          .lines()
          .filter(it -> it.matches("dormouse_(rooms_awake|events_total).*"))
          .toList();
    }
  }

  @Nested
  class Connections {
    @Test
    void H4_are_told_of_a_room_that_sleeps_and_it_sleeps_on() throws Exception {
      stored("talk", "visited");
      try (RawWebSocket one = RawWebSocket.open(server.port(), "/talk/visited?tag=red");
          RawWebSocket two = RawWebSocket.open(server.port(), "/talk/visited")) {
        one.readText();
        two.readText();
        sleep("visited");

        AdminClient.Reply reply = admin.get("/connections/talk/visited");

        assertThat(reply.json().path("all").asInt()).isEqualTo(2);
        JsonNode first = reply.json().at("/connections/0");
        assertThat(first.path("tags").get(0).asText()).isEqualTo("red");
        assertThat(first.path("access").asText()).isEqualTo("write");
        assertThat(first.path("address").asText()).matches("127\\.0\\.0\\.1:\\d+");
        assertThat(Instant.parse(first.path("since").asText()))
            .isBetween(Instant.now().minusSeconds(60), Instant.now());
        assertThat(reply.json().at("/connections/1/tags")).isEmpty();
        assertThat(admin.get("/rooms/talk/visited").text("state")).isEqualTo("asleep");
      }
    }

    @Test
    void C5_are_closed_one_by_one_and_their_room_hears_of_it() throws Exception {
      TalkRoom.SEEN.remove("visitors");
      stored("talk", "visitors");
      try (RawWebSocket one = RawWebSocket.open(server.port(), "/talk/visitors?tag=out");
          RawWebSocket two = RawWebSocket.open(server.port(), "/talk/visitors")) {
        one.readText();
        two.readText();
        assertThat(TalkRoom.seen("visitors")).isEqualTo("open");
        assertThat(TalkRoom.seen("visitors")).isEqualTo("open");
        JsonNode all = admin.get("/connections/talk/visitors").json().path("connections");
        long key = all.get(all.get(0).path("tags").isEmpty() ? 1 : 0).path("key").asLong();
        String order = "{\"actor\":\"ada\",\"key\":" + key + ",\"code\":4403,\"reason\":\"out\"}";

        assertThat(admin.order("/connections/talk/nobody", order).status()).isEqualTo(404);
        assertThat(admin.order("/connections/talk/visitors", order).status()).isEqualTo(200);
        one.close(4403);
        assertThat(TalkRoom.seen("visitors")).isEqualTo("close 4403");
        AdminClient.Reply left =
            admin.until("/connections/talk/visitors", it -> it.json().path("all").asInt() == 1);
        assertThat(left.json().at("/connections/0/key").asLong()).isNotEqualTo(key);
        assertThat(two.text("still here").readText()).isEqualTo("still here");
      }
    }
  }

  @Test
  void T5_a_room_that_is_aborted_keeps_its_connections_and_goes_on() throws Exception {
    stored("talk", "aborted");
    try (RawWebSocket client = RawWebSocket.open(server.port(), "/talk/aborted")) {
      client.readText();
      client.text("wait");
      admin.until("/rooms/talk/aborted", it -> it.conditions().contains("RUNNING"));

      AdminClient.Reply reply = admin.order("/rooms/talk/aborted/abort", "{\"actor\":\"ada\"}");

      assertThat(reply.json().path("aborted").asBoolean()).isTrue();
      assertThat(client.text("get").readText()).isEqualTo("x");
    }
  }

  @Test
  void looking_wakes_nobody() throws Exception {
    stored("naps", "undisturbed");
    admin.until("/namespaces", it -> it.json().at("/namespaces/0/awake").asInt() == 0);
    List<String> before = activity();

    String id = room("naps", "undisturbed").hex();
    for (String path :
        List.of(
            "/namespaces",
            "/rooms",
            "/rooms?namespace=naps&search=undisturbed",
            "/rooms/naps/undisturbed",
            "/rooms/naps?id=" + id,
            "/connections/naps/undisturbed",
            "/keys/naps/undisturbed",
            "/rooms/naps/unknown")) {
      admin.get(path);
      assertThat(activity()).as(path).isEqualTo(before).hasSize(3);
    }
  }

  @Nested
  class Evicting {
    @Test
    void H1_a_room_that_could_sleep_does_at_once_and_its_sockets_stay_open() throws Exception {
      try (RawWebSocket client = RawWebSocket.open(server.port(), "/talk/evicted")) {
        client.readText();
        assertThat(client.text("put it").readText()).isEqualTo("stored it");

        sleep("evicted");
        assertThat(admin.get("/rooms/talk/evicted").text("state")).isEqualTo("asleep");

        assertThat(client.text("get").readText()).isEqualTo("it");
        assertThat(admin.get("/rooms/talk/evicted").text("state")).isEqualTo("awake");
      }
    }

    @Test
    void H1_a_room_that_is_busy_is_refused_with_what_keeps_it_awake() throws Exception {
      stored("talk", "busy");
      try (RawWebSocket client = RawWebSocket.open(server.port(), "/talk/busy")) {
        client.readText();
        client.text("wait");

        AdminClient.Reply reply =
            admin.until("/rooms/talk/busy", it -> it.conditions().contains("RUNNING"));
        assertThat(reply.status()).isEqualTo(200);
        AdminClient.Reply refused = admin.post("/rooms/talk/busy/evict");
        assertThat(admin.get("/rooms/talk/busy").text("state")).isEqualTo("awake");
        let("busy");

        assertThat(refused.status()).isEqualTo(409);
        assertThat(refused.text("error")).isEqualTo("kept-awake");
        assertThat(refused.text("room")).isEqualTo("talk/busy");
        assertThat(refused.text("outcome")).isEqualTo("NOT_APPLIED");
        assertThat(refused.json().path("retryable").asBoolean()).isTrue();
        assertThat(refused.conditions()).contains("RUNNING").doesNotContain("RECENTLY_USED");
        assertThat(refused.text("message"))
            .startsWith("talk/busy cannot sleep now: a handler has been at work for ");
        assertThat(client.text("still here").readText()).isEqualTo("still here");
      }
    }

    @Test
    void a_room_that_sleeps_changes_nothing() throws Exception {
      stored("talk", "asleep");
      sleep("asleep");
      String since = admin.get("/rooms/talk/asleep").text("since");

      assertThat(admin.post("/rooms/talk/asleep/evict").text("state")).isEqualTo("asleep");
      assertThat(admin.get("/rooms/talk/asleep").text("since")).isEqualTo(since);
    }
  }

  @Nested
  class Waking {
    @Test
    void H2_a_room_that_sleeps_is_answered_once_it_is_awake() throws Exception {
      stored("talk", "woken");
      sleep("woken");

      AdminClient.Reply reply = admin.post("/rooms/talk/woken/wake");

      assertThat(reply.status()).isEqualTo(200);
      assertThat(reply.text("state")).isEqualTo("awake");
      assertThat(reply.text("name")).isEqualTo("woken");
      assertThat(admin.get("/rooms/talk/woken").text("state")).isEqualTo("awake");
    }

    @Test
    void a_room_that_is_awake_changes_nothing() throws Exception {
      request(room("talk", "wakeful"), "");
      String since = admin.get("/rooms/talk/wakeful").text("since");

      assertThat(admin.post("/rooms/talk/wakeful/wake").text("state")).isEqualTo("awake");
      assertThat(admin.get("/rooms/talk/wakeful").text("since")).isEqualTo(since);
    }

    @Test
    void a_room_whose_state_is_not_read_in_time_is_504() throws Exception {
      stored("talk", "stuck");
      sleep("stuck");
      AdminClient.Reply reply;
      // The first read finds out that there is such a room.
      try (var _ = EXECUTION.hold(StoreFailpoints.READER, 1)) {
        reply = admin.post("/rooms/talk/stuck/wake");
      }

      assertThat(reply.status()).isEqualTo(504);
      assertThat(reply.text("error")).isEqualTo("timeout");
      assertThat(reply.text("outcome")).isEqualTo("UNKNOWN");
      assertThat(reply.text("message"))
          .startsWith("waking talk/stuck took longer than 5 s: awake: its state is being read");
      admin.until("/rooms/talk/stuck", it -> !it.conditions().contains("LOADING"));
    }
  }

  @Test
  void H5_a_server_that_stops_wakes_and_evicts_nobody(@TempDir Path other) throws Exception {
    RoomServer stopping =
        RoomServer.builder()
            .namespace(namespace("talk", Duration.ofHours(1)))
            .data(other)
            .port(0)
            .set(Setting.ADMIN, "0")
            .set(Setting.CLOSING, "1")
            .start();
    HttpCall call = new HttpCall("PUT", "wait", Map.of(), Map.of(), new byte[0]);
    RoomId room = stopping.rooms().idFromName("talk", "last-work");
    Thread caller = Thread.ofVirtual().start(() -> stopping.rooms().request(room, call));
    assertThat(TalkRoom.seen("last-work")).isEqualTo("waiting");
    try (RawWebSocket client = RawWebSocket.dial(stopping.adminPort())) {
      String wake = "POST /rooms/talk/last-work/wake";
      String known = AdminClient.authorization(stopping);
      assertThat(AdminClient.ask(client, wake, known).status()).isEqualTo(200);

      Thread stop = Thread.ofVirtual().start(stopping::close);
      AdminClient.Reply reply = AdminClient.ask(client, wake, known);
      for (int i = 0; reply.status() == 200 && i < 500; i++) {
        Thread.sleep(10);
        reply = AdminClient.ask(client, wake, known);
      }
      assertThat(reply.status()).isEqualTo(503);
      assertThat(reply.text("error")).isEqualTo("going-away");
      assertThat(AdminClient.ask(client, "GET /rooms/talk/last-work", known).status())
          .isEqualTo(200);
      let("last-work");
      stop.join();
      caller.join();
    }
  }
}
