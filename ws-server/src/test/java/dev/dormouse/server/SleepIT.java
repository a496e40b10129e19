package dev.dormouse.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// H1, H2, H3 with real sockets: rooms that fall asleep all the time lose nothing, and their
/// clients notice nothing; nor do those of rooms with SQL, of which fewer have their file open than
/// are awake.
class SleepIT {
  private static final int ROOMS = 8;
  private static final int CLIENTS = 40;
  private static final int MESSAGES = 150;

  /// About as long as clients pause, so that rooms fall asleep just when something comes.
  private static final Duration IDLE = Duration.ofMillis(15);

  @TempDir static Path folder;

  private static RoomServer server;
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  @BeforeAll
  static void start() {
    server =
        RoomServer.builder()
            .namespace(DrowsyRoom.namespace("drowsy", IDLE).build())
            .namespace(DrowsyRoom.namespace("nodding", IDLE).nonBlocking().build())
            .namespace(DrowsyRoom.withSql("dozing", IDLE).build())
            .set(Setting.SQL_FILES, "4")
            .data(folder.resolve("data"))
            .port(0)
            .park(Parking.TIME)
            .start();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static String get(String path) throws Exception {
    URI uri = URI.create(server.url() + path);
    return HTTP.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString()).body();
  }

  @ParameterizedTest
  @ValueSource(strings = {"drowsy", "nodding", "dozing"})
  void H1_H2_no_message_is_lost_or_out_of_order_while_rooms_fall_asleep_under_load(String namespace)
      throws Exception {
    int before = DrowsyRoom.WOKEN.get();
    try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Void>> all = new ArrayList<>();
      for (int i = 0; i < CLIENTS; i++) {
        String room = "/" + namespace + "/" + i % ROOMS;
        all.add(clients.submit(talking(room)));
      }
      for (Future<Void> each : all) {
        each.get();
      }
    }
    int each = CLIENTS / ROOMS;
    for (int room = 0; room < ROOMS; room++) {
      settled("/rooms/" + namespace + "/" + room, each * MESSAGES + " " + each + " 0");
    }
    assertThat(DrowsyRoom.WOKEN.get() - before).as("wakes meanwhile").isGreaterThan(30);
  }

  /// Sends numbered messages at random moments and expects each to come back, counted.
  private static Callable<Void> talking(String room) {
    return () -> {
      ThreadLocalRandom random = ThreadLocalRandom.current();
      try (RawWebSocket client = RawWebSocket.open(server.port(), room)) {
        int said = 0;
        while (said < MESSAGES) {
          int burst = Math.min(1 + random.nextInt(4), MESSAGES - said);
          for (int i = 0; i < burst; i++) {
            client.text("m" + (said + i));
          }
          for (int i = 0; i < burst; i++, said++) {
            assertThat(client.readText()).isEqualTo("m" + said + " " + (said + 1));
          }
          Thread.sleep(random.nextInt((int) IDLE.toMillis() * 3));
        }
        return null;
      }
    };
  }

  /// The ends of connections come when they come: waits for them, for 10 s.
  private static void settled(String path, String expected) throws Exception {
    String said = get(path);
    for (int i = 0; i < 200 && !said.equals(expected); i++) {
      Thread.sleep(50);
      said = get(path);
    }
    assertThat(said).as(path).isEqualTo(expected);
  }

  /// Waits for 10 s at most until a room says that it is asleep; what it said.
  private static String asleep(String path) throws Exception {
    String said = get(path);
    for (int i = 0; i < 1_000 && !said.contains("\"state\":\"asleep\""); i++) {
      Thread.sleep(10);
      said = get(path);
    }
    assertThat(said).as(path).contains("\"state\":\"asleep\"");
    return said;
  }

  @Test
  void H3_A1_an_alarm_wakes_a_room_whose_connection_is_parked() throws Exception {
    List<String> namespaces = List.of("drowsy", "nodding", "dozing");
    List<RawWebSocket> clients = new ArrayList<>();
    try {
      for (String namespace : namespaces) {
        RawWebSocket client = RawWebSocket.open(server.port(), "/" + namespace + "/bells");
        clients.add(client);
        assertThat(client.text("ring").readText()).isEqualTo("ring 1");
      }
      for (int i = 0; i < 1_000 && server.front().parked() < namespaces.size(); i++) {
        Thread.sleep(10);
      }
      assertThat(server.front().parked()).isGreaterThanOrEqualTo(namespaces.size());
      for (String namespace : namespaces) {
        asleep("/status/" + namespace + "/bells");
      }
      for (RawWebSocket client : clients) {
        assertThat(client.readText()).isEqualTo("rang 1");
        assertThat(client.text("again").readText()).isEqualTo("again 2");
      }
      for (String namespace : namespaces) {
        // What was stored before it slept is there, and so is who is connected.
        assertThat(get("/rooms/" + namespace + "/bells")).isEqualTo("2 0 1");
      }
    } finally {
      for (RawWebSocket client : clients) {
        client.close();
      }
    }
  }

  @Test
  void H3_status_says_since_when_a_room_sleeps_and_wakes_nobody() throws Exception {
    try (RawWebSocket client = RawWebSocket.open(server.port(), "/drowsy/watched")) {
      client.text("hello");
      client.readText();
      String status = asleep("/status/drowsy/watched");
      assertThat(status).containsPattern("\"since\":\"20.*Z\"");
      Thread.sleep(IDLE.multipliedBy(3));
      assertThat(get("/status/drowsy/watched")).as("asking wakes nobody").isEqualTo(status);
      client.text("again");
      assertThat(client.readText()).isEqualTo("again 2");
    }
    assertThat(get("/status/drowsy/never-seen"))
        .contains("\"state\":\"asleep\"")
        .doesNotContain("since");
  }
}
