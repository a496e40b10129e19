package dev.dormouse.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.dormouse.room.Namespace;
import dev.dormouse.room.RoomLimits;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What clients see of the limits on what they say, and of those on the whole server.
@Timeout(60)
class LimitsIT {
  /// Addresses of this machine that are not taken for a proxy's.
  private static final String ADA = "127.0.0.2";

  private static final String BOB = "127.0.0.3";

  @TempDir Path folder;

  @SuppressWarnings("NullAway.Init") // each test starts one first
  private RoomServer server;

  private final List<RawWebSocket> clients = new ArrayList<>();

  private void start(String... settings) {
    RoomServerBuilder builder =
        RoomServer.builder()
            .namespace(TalkRoom.namespace())
            .namespace(
                Namespace.named("brief", TalkRoom::new)
                    .limits(RoomLimits.defaults().withIdle(Duration.ofSeconds(1)))
                    .build())
            .data(folder.resolve("data"))
            .port(0)
            .set(Setting.CLOSING, "1")
            .set(Setting.PROXIES, "127.0.0.1")
            .subjects(request -> {
              String user = request.getHeaders().get("X-User");
              return user == null ? "127.0.0.1" : user;
            })
            .park(Duration.ofMillis(5));
    for (int i = 0; i < settings.length; i += 2) {
      builder.set(Setting.valueOf(settings[i]), settings[i + 1]);
    }
    server = builder.start();
  }

  @AfterEach
  void end() throws IOException {
    for (RawWebSocket each : clients) {
      each.close();
    }
    server.close();
  }

  private RawWebSocket dial(String address) throws IOException {
    RawWebSocket client = RawWebSocket.dialFrom(address, server.port());
    clients.add(client);
    return client;
  }

  private RawWebSocket open(String address, String room, String... headers) throws IOException {
    RawWebSocket client = dial(address);
    assertThat(client.upgrade("/talk/" + room, headers).status()).isEqualTo(101);
    assertThat(client.readText()).isEqualTo("welcome");
    return client;
  }

  private RawWebSocket.Head get(String address, String path, String... headers) throws IOException {
    RawWebSocket client = dial(address);
    String more = headers.length == 0 ? "" : String.join("\r\n", headers) + "\r\n";
    client.bytes(
        ("GET " + path + " HTTP/1.1\r\nHost: localhost\r\n" + more + "\r\n").getBytes(UTF_8));
    RawWebSocket.Head head = client.head();
    String body = client.body(head);
    if (head.status() == 429) {
      assertThat(body).contains("\"error\":\"too-many-requests\"").contains("\"retryable\":true");
    }
    return head;
  }

  /// As much as three seconds' worth, of which two may come at once.
  @ParameterizedTest
  @CsvSource({"nio, false", "nio, true", "epoll, false", "epoll, true"})
  void who_says_too_much_is_not_read_for_a_moment_and_nothing_is_lost(
      String transport, boolean parked) throws Exception {
    start("TRANSPORT", transport, "MESSAGE_RATE", "300");
    RawWebSocket client = open("127.0.0.1", "fast");
    if (parked) {
      for (int i = 0; i < 1_000 && server.front().parked() == 0; i++) {
        Thread.sleep(5);
      }
      assertThat(server.front().parked()).isEqualTo(1);
    }
    long before = System.nanoTime();
    for (int i = 0; i < 900; i++) {
      client.text("m" + i);
    }
    for (int i = 0; i < 900; i++) {
      assertThat(client.readText()).isEqualTo("m" + i);
    }
    assertThat(Duration.ofNanos(System.nanoTime() - before)).isGreaterThan(Duration.ofMillis(700));
    assertThat(server.metering().throttled().sum()).isPositive();
    assertThat(client.close(1000).readClose()).isEqualTo(1000);
  }

  @Test
  void who_has_said_too_much_can_still_be_closed() throws Exception {
    start("MESSAGE_RATE", "10");
    RawWebSocket client = open("127.0.0.1", "shut");
    RawWebSocket other = open("127.0.0.1", "shut");
    for (int i = 0; i < 500; i++) {
      client.frame(RawWebSocket.PONG);
    }
    for (int i = 0; i < 400 && server.metering().throttled().sum() == 0; i++) {
      Thread.sleep(5);
    }
    assertThat(server.metering().throttled().sum()).isPositive();
    other.text("tag other");
    // All but the other have no tag, so everybody is closed by the server's stop.
    server.close();
    assertThat(client.readClose()).isEqualTo(1001);
  }

  @Test
  void bytes_count_too() throws Exception {
    start("BYTE_RATE", "100000");
    RawWebSocket client = open("127.0.0.1", "much");
    byte[] some = new byte[50_000];
    long before = System.nanoTime();
    for (int i = 0; i < 6; i++) {
      client.binary(some);
    }
    for (int i = 0; i < 6; i++) {
      assertThat(client.next().payload()).hasSize(50_000);
    }
    assertThat(Duration.ofNanos(System.nanoTime() - before)).isGreaterThan(Duration.ofMillis(300));
  }

  /// As much as six seconds' worth, of which two may come at once.
  @ParameterizedTest
  @CsvSource({"BYTE_RATE_PER_ADDRESS", "BYTE_RATE_PER_USER"})
  void bytes_of_an_address_and_of_a_user_count_over_all_their_connections(String limit)
      throws Exception {
    start(limit, "200000");
    RawWebSocket[] both = {open(ADA, "one", "X-User: ada"), open(ADA, "two", "X-User: ada")};
    byte[] some = new byte[50_000];
    long before = System.nanoTime();
    for (int i = 0; i < 12; i++) {
      both[0].binary(some);
      both[1].binary(some);
      // They are charged once in a tick.
      Thread.sleep(120);
    }
    for (int i = 0; i < 12; i++) {
      assertThat(both[0].next().payload()).hasSize(50_000);
      assertThat(both[1].next().payload()).hasSize(50_000);
    }
    assertThat(Duration.ofNanos(System.nanoTime() - before)).isGreaterThan(Duration.ofSeconds(2));
    RawWebSocket other = open(BOB, "three", "X-User: bob");
    other.binary(some);
    assertThat(other.next().payload()).hasSize(50_000);
    assertThat(server.metering().throttled().sum()).isPositive();
  }

  @Test
  void an_address_shares_its_limit_and_its_requests_are_answered_429() throws Exception {
    start("MESSAGE_RATE_PER_ADDRESS", "50");
    RawWebSocket loud = open(ADA, "loud");
    RawWebSocket quiet = open(ADA, "quiet");
    for (int i = 0; i < 8; i++) {
      for (int k = 0; k < 30; k++) {
        loud.text("m");
      }
      Thread.sleep(120);
    }
    RawWebSocket.Head refused = get(ADA, "/rooms/talk/quiet");
    int more = 0;
    while (refused.status() == 200 && more++ < 60) {
      refused = get(ADA, "/rooms/talk/quiet");
    }
    assertThat(refused.status()).isEqualTo(429);
    assertThat(refused.header("retry-after"))
        .hasValueSatisfying(seconds -> assertThat(Integer.parseInt(seconds)).isBetween(1, 4));
    assertThat(dial(ADA).upgrade("/talk/quiet").status()).isEqualTo(429);
    for (int i = 0; i < 60; i++) {
      assertThat(get(BOB, "/rooms/talk/quiet").status()).isEqualTo(200);
      assertThat(get("127.0.0.1", "/rooms/talk/quiet").status()).isEqualTo(200);
    }
    assertThat(quiet.text("at last").readText()).isEqualTo("at last");
    for (int i = 0; i < 240; i++) {
      assertThat(loud.readText()).isEqualTo("m");
    }
    assertThat(server.metering().refused().sum()).isEqualTo(2);
  }

  @Test
  void a_user_has_one_limit_from_wherever() throws Exception {
    start("MESSAGE_RATE_PER_USER", "20", "HANDSHAKE_RATE", "1");
    int served = 0;
    int status = 200;
    for (int i = 0; i < 100 && status == 200; i++) {
      status = get("127.0.0.1", "/rooms/talk/user", "X-User: ada").status();
      served += status == 200 ? 1 : 0;
    }
    assertThat(status).isEqualTo(429);
    assertThat(served).isBetween(40, 70);
    assertThat(get(ADA, "/rooms/talk/user", "X-User: ada").status()).isEqualTo(429);
    assertThat(get(ADA, "/rooms/talk/user", "X-User: bob").status()).isEqualTo(200);
  }

  @Test
  void a_user_may_not_open_too_many_in_a_second() throws Exception {
    start("HANDSHAKE_RATE", "1");
    int opened = 0;
    int status = 101;
    while (opened < 100 && status == 101) {
      status = dial("127.0.0.1").upgrade("/talk/often", "X-User: ada").status();
      opened += status == 101 ? 1 : 0;
    }
    assertThat(status).isEqualTo(429);
    assertThat(opened).isBetween(10, 20);
    assertThat(dial("127.0.0.1").upgrade("/talk/often", "X-User: bob").status()).isEqualTo(101);
  }

  @Test
  void a_room_that_sleeps_is_not_woken_for_requests_when_too_many_are_awake() throws Exception {
    start("AWAKE_ROOMS", "3");
    RawWebSocket first = dial("127.0.0.1");
    assertThat(first.upgrade("/brief/one").status()).isEqualTo(101);
    assertThat(first.readText()).isEqualTo("welcome");
    assertThat(get("127.0.0.1", "/rooms/brief/two").status()).isEqualTo(200);
    assertThat(get("127.0.0.1", "/rooms/brief/three").status()).isEqualTo(200);

    RawWebSocket.Head request = get("127.0.0.1", "/rooms/brief/four");
    assertThat(request.status()).isEqualTo(503);
    assertThat(request.header("retry-after")).hasValue("1");
    RawWebSocket.Head upgrade = dial("127.0.0.1").upgrade("/brief/five");
    assertThat(upgrade.status()).isEqualTo(503);
    assertThat(upgrade.header("retry-after")).hasValue("1");
    assertThat(first.text("still").readText()).isEqualTo("still");
    assertThat(get("127.0.0.1", "/rooms/brief/two").status()).isEqualTo(200);

    int status = 503;
    for (int i = 0; i < 100 && status == 503; i++) {
      Thread.sleep(50);
      status = get("127.0.0.1", "/rooms/brief/four").status();
    }
    assertThat(status).as("once others have fallen asleep").isEqualTo(200);
    // A connection's messages wake its room however many are awake.
    assertThat(first.text("and I").readText()).isEqualTo("and I");
  }

  @Test
  void O6_a_room_with_work_is_not_read_while_too_much_waits_for_all() throws Exception {
    start("QUEUE_MEMORY", "150000");
    RawWebSocket blocks = open("127.0.0.1", "pressed");
    blocks.text("wait");
    assertThat(TalkRoom.seen("pressed")).isEqualTo("open");
    assertThat(TalkRoom.seen("pressed")).isEqualTo("waiting");
    RawWebSocket client = open("127.0.0.1", "unpressed");
    byte[] some = new byte[30_000];
    RawWebSocket sender = dial("127.0.0.1");
    // Its room is at work: the upgrade waits too.
    assertThat(client.text("served").readText()).isEqualTo("served");
    for (int i = 0; i < 12; i++) {
      blocks.binary(some);
      if (i == 5) {
        // Until it is weighed.
        Thread.sleep(400);
      }
    }
    awaitPaused(1);
    assertThat(client.text("served").readText()).as("a room without work").isEqualTo("served");
    sender.close();

    TalkRoom.GATES.computeIfAbsent("pressed", _ -> new CountDownLatch(1)).countDown();
    for (int i = 0; i < 12; i++) {
      assertThat(blocks.next().payload()).hasSize(30_000);
    }
    awaitPaused(0);
  }

  private void awaitPaused(long sockets) throws Exception {
    for (int i = 0; i < 400 && server.counters().paused.sum() != sockets; i++) {
      Thread.sleep(5);
    }
    assertThat(server.counters().paused.sum()).as("not read").isEqualTo(sockets);
  }
}
