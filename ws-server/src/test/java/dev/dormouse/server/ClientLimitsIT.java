package dev.dormouse.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.dormouse.server.limits.Reason;
import dev.dormouse.server.limits.Turnstile;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.function.IntSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Who is let in and who is sent away, on each transport; and that nobody is forgotten.
@Timeout(120)
class ClientLimitsIT {
  private static final String HEAD = "GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n";

  @TempDir Path folder;

  @SuppressWarnings("NullAway.Init") // each test starts one first
  private RoomServer server;

  private final List<RawWebSocket> clients = new ArrayList<>();

  private void start(String transport, String... settings) {
    RoomServerBuilder builder =
        RoomServer.builder()
            .namespace(TalkRoom.namespace())
            .data(folder.resolve("data"))
            .port(0)
            .set(Setting.TRANSPORT, transport)
            .set(Setting.CLOSING, "1")
            .park(Duration.ofMillis(2));
    for (int i = 0; i < settings.length; i += 2) {
      builder.set(Setting.valueOf(settings[i]), settings[i + 1]);
    }
    server = builder.start();
  }

  @AfterEach
  void everybody_leaves_and_nobody_is_counted_any_more() throws Exception {
    for (RawWebSocket client : clients) {
      client.close();
    }
    Turnstile turnstile = server.turnstile();
    try {
      comes("clients", 0, turnstile::clients);
      comes("handshakes", 0, turnstile::handshakes);
      comes("addresses", 0, turnstile::addresses);
      comes("parting", 0, turnstile::parting);
    } finally {
      server.close();
    }
  }

  private static void comes(String what, int wanted, IntSupplier value)
      throws InterruptedException {
    for (int i = 0; i < 1_000 && value.getAsInt() != wanted; i++) {
      Thread.sleep(10);
    }
    assertThat(value.getAsInt()).as(what).isEqualTo(wanted);
  }

  private RawWebSocket dial(String address) throws IOException {
    RawWebSocket client = RawWebSocket.dialFrom(address, server.port());
    clients.add(client);
    return client;
  }

  private RawWebSocket open(String address) throws IOException {
    RawWebSocket client = dial(address);
    assertThat(client.upgrade("/talk/limits").status()).isEqualTo(101);
    assertThat(client.readText()).isEqualTo("welcome");
    return client;
  }

  private static void sentAway(RawWebSocket client, int status, String seconds, String error)
      throws IOException {
    RawWebSocket.Head head = client.upgrade("/talk/limits");
    assertThat(head.status()).isEqualTo(status);
    assertThat(head.header("Retry-After")).contains(seconds);
    assertThat(head.header("Connection")).contains("close");
    assertThat(client.rest()).startsWith("{\"error\":\"" + error + "\",").endsWith("}\n");
  }

  private long sentAway(Reason why) {
    return server.turnstile().sentAway(why).sum();
  }

  @ParameterizedTest
  @ValueSource(strings = {"nio", "epoll"})
  void the_one_too_many_is_told_so_and_let_in_when_another_has_left(String transport)
      throws Exception {
    start(transport, "CLIENTS", "4", "ADMIN", "0");
    List<RawWebSocket> four = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      four.add(open("127.0.0.1"));
    }
    for (int i = 0; i < 3; i++) {
      sentAway(dial("127.0.0.1"), 503, "5", "too-many-clients");
    }
    assertThat(sentAway(Reason.CLIENTS)).isEqualTo(3);
    assertThat(four.getFirst().text("echo").readText()).isEqualTo("echo");
    try (RawWebSocket operator = RawWebSocket.dial(server.adminPort())) {
      operator.bytes(HEAD.getBytes(UTF_8));
      assertThat(operator.head().status()).as("the inspector is there").isLessThan(500);
    }

    four.get(1).reset();
    comes("clients", 3, server.turnstile()::clients);
    open("127.0.0.1");
    assertThat(sentAway(Reason.CLIENTS)).isEqualTo(3);
  }

  @ParameterizedTest
  @ValueSource(strings = {"nio", "epoll"})
  void an_address_that_has_its_share_is_told_so_and_others_are_let_in(String transport)
      throws Exception {
    start(transport, "CLIENTS_PER_ADDRESS", "2", "PROXIES", "127.0.0.3");
    RawWebSocket first = open("127.0.0.1");
    open("127.0.0.1");
    sentAway(dial("127.0.0.1"), 429, "10", "too-many-of-address");
    open("127.0.0.2");
    for (int i = 0; i < 3; i++) {
      open("127.0.0.3");
    }
    assertThat(sentAway(Reason.ADDRESS)).isEqualTo(1);

    first.close(1000).readClose();
    first.close();
    comes("clients", 5, server.turnstile()::clients);
    open("127.0.0.1");
  }

  /// Parked and woken again and again, a client is one client.
  @ParameterizedTest
  @ValueSource(strings = {"nio", "epoll"})
  void a_parked_client_counts_once(String transport) throws Exception {
    start(transport, "CLIENTS", "30");
    List<RawWebSocket> all = new ArrayList<>();
    for (int i = 0; i < 30; i++) {
      all.add(open("127.0.0.1"));
    }
    for (int round = 0; round < 5; round++) {
      comes("parked", 30, server.front()::parked);
      assertThat(server.turnstile().clients()).isEqualTo(30);
      assertThat(server.turnstile().handshakes()).isZero();
      for (RawWebSocket client : all) {
        assertThat(client.text("echo").readText()).isEqualTo("echo");
      }
    }
    sentAway(dial("127.0.0.1"), 503, "5", "too-many-clients");
    assertThat(server.front().wakes()).isGreaterThan(100);
  }

  /// Parked, awake, in the middle of a request, and with nothing said yet.
  @ParameterizedTest
  @ValueSource(strings = {"nio", "epoll"})
  void a_server_that_stops_counts_all_of_them_out(String transport) throws Exception {
    start(transport);
    for (int i = 0; i < 20; i++) {
      open("127.0.0.1");
    }
    comes("parked", 20, server.front()::parked);
    dial("127.0.0.2").bytes(HEAD.getBytes(UTF_8));
    dial("127.0.0.2").bytes(HEAD.substring(0, 9).getBytes(UTF_8));
    dial("127.0.0.2");
    comes("clients", 23, server.turnstile()::clients);

    server.close();
    comes("clients", 0, server.turnstile()::clients);
  }

  /// Half of a request each, and a byte now and then, so that they are never idle.
  @ParameterizedTest
  @ValueSource(strings = {"nio", "epoll"})
  void others_are_served_beside_200_that_drip_and_are_cut_off(String transport) throws Exception {
    start(transport, "HANDSHAKES", "260", "HANDSHAKE", "3");
    byte[] head = HEAD.getBytes(UTF_8);
    List<RawWebSocket> drips = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      RawWebSocket drip = dial("127.0.0.2");
      drip.bytes(new byte[] {head[0], head[1]});
      drips.add(drip);
    }
    comes("handshakes", 200, server.turnstile()::handshakes);
    for (int i = 0; i < 50; i++) {
      assertThat(open("127.0.0.1").text("echo").readText()).isEqualTo("echo");
    }
    assertThat(sentAway(Reason.HANDSHAKES)).isZero();
    int cut = 0;
    for (int at = 2; at < head.length - 4 && cut < drips.size(); at++) {
      cut = 0;
      for (RawWebSocket drip : drips) {
        try {
          drip.bytes(new byte[] {head[at]});
        } catch (IOException _) {
          cut++;
        }
      }
      Thread.sleep(200);
    }
    comes("late", 200, () -> (int) sentAway(Reason.LATE));
    comes("handshakes", 0, server.turnstile()::handshakes);
    comes("clients", 50, server.turnstile()::clients);
  }

  @ParameterizedTest
  @ValueSource(strings = {"nio", "epoll"})
  void silent_ones_fill_the_handshakes_until_their_time_is_over(String transport) throws Exception {
    start(transport, "HANDSHAKES", "20", "HANDSHAKE", "2");
    for (int i = 0; i < 20; i++) {
      dial("127.0.0.2");
    }
    comes("handshakes", 20, server.turnstile()::handshakes);
    sentAway(dial("127.0.0.1"), 503, "1", "too-many-handshakes");
    assertThat(sentAway(Reason.HANDSHAKES)).isEqualTo(1);

    comes("late", 20, () -> (int) sentAway(Reason.LATE));
    comes("clients", 0, server.turnstile()::clients);
    assertThat(clients.getFirst().ended()).isTrue();
    open("127.0.0.1");
  }

  /// The client has said all: what the room takes is not the client's time; nor is a pause after
  /// the first answer, nor a body that comes slowly.
  @ParameterizedTest
  @ValueSource(strings = {"nio", "epoll"})
  void who_has_said_what_it_wants_is_not_cut_off(String transport) throws Exception {
    start(transport, "HANDSHAKE", "1");
    RawWebSocket slowBody = dial("127.0.0.1");
    slowBody.bytes(
        "POST /rooms/talk/limits/-/value HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4\r\n\r\nab"
            .getBytes(UTF_8));
    RawWebSocket kept = dial("127.0.0.1");
    kept.bytes(HEAD.getBytes(UTF_8));
    kept.body(kept.head());
    comes("handshakes", 0, server.turnstile()::handshakes);
    RawWebSocket slowRoom = dial("127.0.0.1");
    slowRoom.bytes(
        "GET /rooms/talk/slow-%s/-/wait HTTP/1.1\r\nHost: localhost\r\n\r\n"
            .formatted(transport)
            .getBytes(UTF_8));
    Thread.sleep(1_500);
    comes("handshakes", 1, server.turnstile()::handshakes);

    slowBody.bytes("cd".getBytes(UTF_8));
    assertThat(slowBody.head().status()).isLessThan(500);
    kept.bytes(HEAD.getBytes(UTF_8));
    assertThat(kept.head().status()).isEqualTo(200);
    TalkRoom.GATES.computeIfAbsent("slow-" + transport, _ -> new CountDownLatch(1)).countDown();
    assertThat(slowRoom.head().status()).isEqualTo(200);
    assertThat(sentAway(Reason.LATE)).isZero();
    comes("handshakes", 0, server.turnstile()::handshakes);
  }

  /// Clients that do not go when they are told to.
  @ParameterizedTest
  @ValueSource(strings = {"nio", "epoll"})
  void a_flood_of_refused_clients_is_told_as_far_as_there_is_room(String transport)
      throws Exception {
    start(transport, "CLIENTS", "1");
    open("127.0.0.1");
    int most = server.turnstile().limits().told();
    List<RawWebSocket> flood = new ArrayList<>();
    int peak = 0;
    for (int i = 0; i < 1_000; i++) {
      flood.add(dial("127.0.0.2"));
      peak = Math.max(peak, server.turnstile().parting());
    }
    comes("sent away", 1_000, () -> (int) sentAway(Reason.CLIENTS));
    assertThat(peak).isPositive().isLessThanOrEqualTo(most);
    comes("parting", 0, server.turnstile()::parting);
    int told = 0;
    for (RawWebSocket client : flood) {
      try {
        told += client.head().status() == 503 ? 1 : 0;
      } catch (IOException _) {
        // Closed without a word.
      }
    }
    assertThat(told).isBetween(most, 1_000 - 1);
    assertThat(server.turnstile().clients()).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"nio", "epoll"})
  void the_metrics_tell_who_is_in_and_who_was_sent_away_and_why(String transport) throws Exception {
    start(transport, "CLIENTS", "3", "CLIENTS_PER_ADDRESS", "1", "PROXIES", "127.0.0.1");
    RawWebSocket scraper = dial("127.0.0.1");
    open("127.0.0.2");
    sentAway(dial("127.0.0.2"), 429, "10", "too-many-of-address");
    scraper.bytes("GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(UTF_8));
    String scrape = scraper.body(scraper.head());

    assertThat(scrape)
        .contains("\ndormouse_clients 2.0\n")
        .contains("\ndormouse_clients_limit 3.0\n")
        .contains("\ndormouse_clients_handshakes 1.0\n")
        .contains("\ndormouse_clients_sent_away_total{reason=\"address\"} 1.0\n")
        .contains("\ndormouse_clients_sent_away_total{reason=\"clients\"} 0.0\n")
        .contains("\ndormouse_clients_sent_away_total{reason=\"descriptors\"} 0.0\n")
        .contains("\ndormouse_clients_sent_away_total{reason=\"handshakes\"} 0.0\n")
        .contains("\ndormouse_clients_sent_away_total{reason=\"late\"} 0.0\n");
  }
}
