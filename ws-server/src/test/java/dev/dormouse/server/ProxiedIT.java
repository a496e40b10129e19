package dev.dormouse.server;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.dormouse.room.Admission;
import dev.dormouse.room.Connection;
import dev.dormouse.room.HttpCall;
import dev.dormouse.room.HttpReply;
import dev.dormouse.room.Message;
import dev.dormouse.room.Namespace;
import dev.dormouse.room.Room;
import dev.dormouse.room.RoomLimits;
import dev.dormouse.room.Upgrade;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Clients that come through a proxy: where it is trusted, all that holds for an address holds for
/// each of theirs.
@Timeout(60)
class ProxiedIT {
  private static final String PROXY = "127.0.0.2";
  private static final String STRANGER = "127.0.0.3";

  @TempDir Path folder;

  @SuppressWarnings("NullAway.Init") // each test starts one first
  private RoomServer server;

  private final List<RawWebSocket> clients = new ArrayList<>();

  /// Tells each client from where it seems to come, and says again what it says.
  private static final class Mirror implements Room {
    @Override
    public Admission onConnect(Upgrade upgrade) {
      return Admission.accept().attached(upgrade.remoteAddress().getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public void onOpen(Connection connection) {
      connection.send(new String(connection.attachment(), StandardCharsets.UTF_8));
    }

    @Override
    public void onMessage(Connection connection, Message message) {
      connection.send(message);
    }

    @Override
    public HttpReply onRequest(HttpCall call) {
      return HttpReply.text(200, "here");
    }
  }

  private void start(String transport, Setting limit, String value) {
    server =
        RoomServer.builder()
            .namespace(
                Namespace.named("mirror", _ -> new Mirror())
                    .limits(RoomLimits.defaults().withIdle(Duration.ofMillis(100)))
                    .build())
            .data(folder.resolve("data"))
            .port(0)
            .park(Duration.ofMillis(100))
            .set(Setting.TRANSPORT, transport)
            .set(Setting.CLOSING, "1")
            .set(Setting.ADMIN, "0")
            .set(Setting.MESSAGE_RATE_PER_USER, "0")
            .set(Setting.BYTE_RATE_PER_USER, "0")
            .set(Setting.TRUSTED_PROXIES, PROXY + ", 10.0.0.0/8")
            .set(limit, value)
            .start();
  }

  @AfterEach
  void nobody_is_counted_any_more() throws Exception {
    try {
      for (RawWebSocket each : clients) {
        each.close();
      }
      until(() -> server.turnstile().clients() == 0);
      assertThat(server.turnstile().addresses()).isZero();
    } finally {
      server.close();
    }
  }

  private static void until(BooleanSupplier holds) throws InterruptedException {
    for (int i = 0; i < 1_000 && !holds.getAsBoolean(); i++) {
      TimeUnit.MILLISECONDS.sleep(10);
    }
    assertThat(holds.getAsBoolean()).isTrue();
  }

  private RawWebSocket dial(String from) throws IOException {
    RawWebSocket client = RawWebSocket.dialFrom(from, server.port());
    clients.add(client);
    return client;
  }

  /// Connects and says as whom; otherwise the status.
  private String seen(String from, String... headers) throws IOException {
    RawWebSocket client = dial(from);
    RawWebSocket.Head head = client.upgrade("/mirror/m", headers);
    return head.status() == 101 ? client.readText() : head.status() + " " + client.body(head);
  }

  private static String to(String clients) {
    return "X-Forwarded-For: " + clients;
  }

  @ParameterizedTest
  @ValueSource(strings = {"nio", "epoll"})
  void each_address_has_its_own_places(String transport) throws Exception {
    start(transport, Setting.CLIENTS_PER_ADDRESS, "2");
    assertThat(seen(PROXY, to("192.0.2.1"))).isEqualTo("192.0.2.1");
    assertThat(seen(PROXY, to("192.0.2.7, 192.0.2.1, 10.0.0.9"))).isEqualTo("192.0.2.1");

    assertThat(seen(PROXY, to("192.0.2.1"))).startsWith("429 ").contains("too-many-of-address");
    assertThat(seen(PROXY, to("192.0.2.8"), to("192.0.2.1"))).startsWith("429 ");
    assertThat(seen(PROXY, to("192.0.2.2"))).isEqualTo("192.0.2.2");

    until(() -> server.packed() == 3);
    assertThat(seen(PROXY, to("192.0.2.1"))).as("while the others are asleep").startsWith("429 ");
    clients.removeFirst().close();
    comesIn("192.0.2.1");
  }

  /// Whoever hung up is gone in a moment.
  private void comesIn(String client) throws Exception {
    for (int i = 0; i < 1_000; i++) {
      if (seen(PROXY, to(client)).equals(client)) {
        return;
      }
      TimeUnit.MILLISECONDS.sleep(10);
    }
    throw new AssertionError("there is no place for " + client);
  }

  @ParameterizedTest
  @ValueSource(strings = {"nio", "epoll"})
  void a_stranger_is_where_his_socket_is_whatever_he_says(String transport) throws Exception {
    start(transport, Setting.CLIENTS_PER_ADDRESS, "2");
    // All of loopback is exempt, but for this.
    assertThat(seen(STRANGER, to("192.0.2.1"))).isEqualTo(STRANGER);
    assertThat(seen(STRANGER, to("192.0.2.2"), "Forwarded: for=192.0.2.2")).isEqualTo(STRANGER);
    assertThat(seen(PROXY, "Forwarded: for=192.0.2.2")).isEqualTo(PROXY);
    assertThat(seen(PROXY, to("nonsense"))).isEqualTo(PROXY);
    assertThat(seen(PROXY)).isEqualTo(PROXY);
  }

  @ParameterizedTest
  @ValueSource(strings = {"nio", "epoll"})
  void the_inspector_shows_the_client_awake_and_asleep(String transport) throws Exception {
    start(transport, Setting.CLIENTS_PER_ADDRESS, "2");
    AdminClient admin = new AdminClient(server);
    assertThat(seen(PROXY, to("192.0.2.1"))).isEqualTo("192.0.2.1");
    assertThat(seen(PROXY, to("2001:db8::7"))).isEqualTo("[2001:db8:0:0:0:0:0:7]");
    for (int i = 0; i < 2; i++) {
      var shown = admin.get("/connections/mirror/m").json();
      assertThat(shown.at("/connections/0/address").asText()).isEqualTo("192.0.2.1");
      assertThat(shown.at("/connections/1/address").asText()).isEqualTo("2001:db8:0:0:0:0:0:0");
      until(() -> server.packed() == 2);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"nio", "epoll"})
  void each_address_says_so_much_parked_or_not(String transport) throws Exception {
    start(transport, Setting.MESSAGE_RATE_PER_ADDRESS, "50");
    assertThat(refused("192.0.2.1", 150)).isPositive();
    assertThat(refused("192.0.2.2", 20)).isZero();

    assertThat(seen(PROXY, to("192.0.2.3"))).isEqualTo("192.0.2.3");
    assertThat(seen(PROXY, to("192.0.2.3"))).isEqualTo("192.0.2.3");
    until(() -> server.packed() == 2);
    long before = server.metering().throttled().sum();
    List<RawWebSocket> both = clients.subList(clients.size() - 2, clients.size());
    int said = 0;
    // Forty seconds' worth, in far less.
    for (; said < 1_000 && server.metering().throttled().sum() == before; said++) {
      both.getFirst().text("hello");
      both.getLast().text("hello");
      TimeUnit.MILLISECONDS.sleep(1);
    }
    assertThat(server.metering().throttled().sum()).isGreaterThan(before);
    for (RawWebSocket each : both) {
      for (int i = 0; i < said; i++) {
        assertThat(each.readText()).isEqualTo("hello");
      }
    }
    assertThat(refused("192.0.2.2", 20)).isZero();
  }

  /// How many of so many requests, all on one connection of the proxy's.
  private int refused(String client, int requests) throws IOException {
    RawWebSocket proxy = dial(PROXY);
    int refused = 0;
    for (int i = 0; i < requests; i++) {
      proxy.bytes(
          "GET /rooms/mirror/m HTTP/1.1\r\nHost: localhost\r\n%s\r\n\r\n"
              .formatted(to(client))
              .getBytes(US_ASCII));
      RawWebSocket.Head head = proxy.head();
      assertThat(proxy.body(head)).isNotEmpty();
      refused += head.status() == 429 ? 1 : 0;
    }
    return refused;
  }
}
