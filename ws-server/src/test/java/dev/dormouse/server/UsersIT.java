package dev.dormouse.server;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.dormouse.server.access.Mint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What one user may have and say, whatever addresses he comes from, and what becomes of him when
/// his token is revoked.
@Timeout(60)
class UsersIT {
  private static final Mint MINT = Mint.secret(Mint.SECRET);
  private static final String HERE = "127.0.0.2";
  private static final String THERE = "127.0.0.3";

  @TempDir Path folder;

  private Path revoked;
  private RoomServer server;

  @BeforeEach
  void start() throws IOException {
    Path secret = Files.writeString(folder.resolve("secret"), Mint.SECRET + "\n");
    revoked = Files.writeString(folder.resolve("revoked"), "# nobody yet\n");
    server =
        RoomServer.builder()
            .namespace(WhoRoom.who())
            .data(folder.resolve("data"))
            .host("0.0.0.0")
            .port(0)
            .park(Duration.ofMillis(500))
            .set(Setting.CLOSING, "1")
            .set(Setting.ACCESS_SECRET, secret.toString())
            .set(Setting.ACCESS_REVOKED, revoked.toString())
            .set(Setting.CLIENTS_PER_USER, "3")
            .set(Setting.MESSAGE_RATE_PER_USER, "100")
            .start();
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private static String token(String subject, String id) {
    Map<String, Object> more = Map.of("dormouse", "write:** admin:metrics", "jti", id);
    return MINT.token(subject.isEmpty() ? null : subject, Instant.now().plusSeconds(600), more);
  }

  /// Connects, or says why not.
  private RawWebSocket.Head knock(RawWebSocket client, String room, String token)
      throws IOException {
    return client.upgrade("/who/" + room, "Authorization: Bearer " + token);
  }

  private RawWebSocket open(String from, String room, String token) throws IOException {
    RawWebSocket client = RawWebSocket.dialFrom(from, server.port());
    RawWebSocket.Head head = knock(client, room, token);
    assertThat(head.status()).isEqualTo(101);
    assertThat(client.readText()).endsWith("WRITE WRITE");
    return client;
  }

  private int status(String room, String token) throws IOException {
    try (RawWebSocket client = RawWebSocket.dialFrom(THERE, server.port())) {
      return knock(client, room, token).status();
    }
  }

  private RawWebSocket.Head get(RawWebSocket client, String path, String token) throws IOException {
    String request =
        "GET %s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nAuthorization: Bearer %s\r\n\r\n"
            .formatted(path, server.port(), token);
    client.bytes(request.getBytes(US_ASCII));
    return client.head();
  }

  private String metrics() throws IOException {
    try (RawWebSocket client = RawWebSocket.dialFrom(HERE, server.port())) {
      return client.body(get(client, "/metrics", token("operator", "metrics")));
    }
  }

  private static void until(BooleanSupplier holds) throws InterruptedException {
    for (int i = 0; i < 500 && !holds.getAsBoolean(); i++) {
      TimeUnit.MILLISECONDS.sleep(20);
    }
    assertThat(holds.getAsBoolean()).isTrue();
  }

  @Nested
  class One_user {
    @Test
    void has_so_many_connections_over_all_addresses_and_rooms() throws Exception {
      List<RawWebSocket> clients = new ArrayList<>();
      try {
        clients.add(open(HERE, "a", token("ann", "1")));
        clients.add(open(THERE, "a", token("ann", "2")));
        clients.add(open(THERE, "b", token("ann", "3")));

        try (RawWebSocket one = RawWebSocket.dialFrom(THERE, server.port())) {
          RawWebSocket.Head head = knock(one, "c", token("ann", "4"));
          assertThat(head.status()).isEqualTo(429);
          assertThat(head.header("retry-after")).contains("10");
          assertThat(one.body(head)).contains("too-many-of-user");
        }
        assertThat(metrics()).contains("dormouse_clients_sent_away_total{reason=\"user\"} 1.0");
        clients.add(open(THERE, "c", token("bob", "5")));
        for (int i = 0; i < 5; i++) {
          clients.add(open(THERE, "c", token("", "6")));
        }
      } finally {
        for (RawWebSocket each : clients) {
          each.close();
        }
      }
    }

    @Test
    void gets_his_places_back_when_connections_end_packed_ones_too() throws Exception {
      String ann = token("ann", "1");
      for (int round = 0; round < 3; round++) {
        List<RawWebSocket> clients = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
          clients.add(openSoon("quiet-" + i, ann));
        }
        if (round > 0) {
          until(() -> server.packed() == 3);
        }
        assertThat(status("more", ann)).isEqualTo(429);
        for (RawWebSocket each : clients) {
          each.close();
        }
      }
    }

    /// Those before have hung up; that takes a moment to be known.
    private RawWebSocket openSoon(String room, String token) throws Exception {
      for (int i = 0; i < 500; i++) {
        RawWebSocket client = RawWebSocket.dialFrom(HERE, server.port());
        if (knock(client, room, token).status() == 101) {
          assertThat(client.readText()).endsWith("WRITE WRITE");
          return client;
        }
        client.close();
        TimeUnit.MILLISECONDS.sleep(20);
      }
      throw new AssertionError("there is no place for " + room);
    }

    /// Two seconds' worth may come at once: 180 from each address are within it, and both together
    /// are not.
    @Test
    void says_so_much_over_all_addresses() throws Exception {
      assertThat(throttled("ann", "bob", false)).isFalse();
      assertThat(throttled("eve", "eve", false)).isTrue();
    }

    @Test
    void says_no_more_for_having_been_parked_and_packed() throws Exception {
      assertThat(throttled("ann", "bob", true)).isFalse();
      assertThat(throttled("eve", "eve", true)).isTrue();
    }

    private boolean throttled(String one, String other, boolean packed) throws Exception {
      String before = throttledTotal();
      try (RawWebSocket here = open(HERE, one, token(one, "1"));
          RawWebSocket there = open(THERE, other, token(other, "2"))) {
        if (packed) {
          until(() -> server.packed() == 2);
        }
        for (int i = 0; i < 180; i++) {
          here.text("hello");
          there.text("hello");
          if (i % 5 == 0) {
            // What came in a tick is charged in the next.
            TimeUnit.MILLISECONDS.sleep(10);
          }
        }
        for (RawWebSocket each : List.of(here, there)) {
          for (int i = 0; i < 180; i++) {
            assertThat(each.readText()).isEqualTo("hello");
          }
        }
      }
      return !throttledTotal().equals(before);
    }

    private String throttledTotal() throws IOException {
      return metrics()
          .lines()
          .filter(line -> line.startsWith("dormouse_clients_throttled_total"))
          .findFirst()
          .orElseThrow();
    }

    @Test
    void asks_so_much_over_all_addresses() throws Exception {
      String ann = token("ann", "1");
      int refused = 0;
      for (int i = 0; i < 300; i++) {
        refused += get(i % 2 == 0 ? HERE : THERE, ann) == 429 ? 1 : 0;
      }
      assertThat(refused).isPositive();
      assertThat(get(HERE, token("bob", "2"))).isEqualTo(200);
    }

    private int get(String from, String token) throws IOException {
      try (RawWebSocket client = RawWebSocket.dialFrom(from, server.port())) {
        return UsersIT.this.get(client, "/rooms/who/a", token).status();
      }
    }
  }

  @Nested
  class A_token_that_is_revoked {
    private void revoke(String line) throws IOException {
      Path fresh = Files.writeString(folder.resolve("revoked.new"), line + "\n");
      Files.move(fresh, revoked, StandardCopyOption.ATOMIC_MOVE);
    }

    private void assertClosed(RawWebSocket client) throws IOException {
      RawWebSocket.Frame frame = client.next();
      assertThat(frame.code()).isEqualTo(4401);
      assertThat(frame.text()).contains("the token has been revoked");
    }

    @Test
    void closes_its_connections_parked_ones_too_and_no_others() throws Exception {
      try (RawWebSocket first = open(HERE, "a", token("ann", "gone"));
          RawWebSocket second = open(THERE, "b", token("ann", "gone"));
          RawWebSocket other = open(THERE, "c", token("ann", "stays"))) {
        until(() -> server.packed() == 3);
        revoke("jti gone");
        assertClosed(first);
        assertClosed(second);
        other.text("still here");
        assertThat(other.readText()).isEqualTo("still here");
      }
      assertThat(status("a", token("ann", "gone"))).isEqualTo(401);
      assertThat(status("a", token("ann", "stays"))).isEqualTo(101);
      assertThat(metrics())
          .contains("dormouse_connections_revoked_total 2.0")
          .contains("dormouse_access_denied_total{reason=\"revoked\"} 1.0");
    }

    @Test
    void closes_all_that_a_person_has() throws Exception {
      try (RawWebSocket ann = open(HERE, "a", token("ann", "1"));
          RawWebSocket again = open(THERE, "a", token("ann", "2"));
          RawWebSocket bob = open(THERE, "a", token("bob", "3"))) {
        revoke("sub ann");
        assertClosed(ann);
        assertClosed(again);
        bob.text("still here");
        assertThat(bob.readText()).isEqualTo("still here");
      }
      assertThat(status("a", token("ann", "4"))).isEqualTo(401);
    }

    @Test
    void does_not_let_a_connection_stay_longer() throws Exception {
      revoke("jti gone");
      until(() -> isRevoked("gone"));
      try (RawWebSocket ann = open(HERE, "a", token("ann", "1"))) {
        ann.text("{\"dormouse\":\"token\",\"token\":\"" + token("ann", "gone") + "\"}");
        assertClosed(ann);
      }
    }

    private boolean isRevoked(String id) {
      try {
        return status("a", token("ann", id)) == 401;
      } catch (IOException e) {
        throw new AssertionError(e);
      }
    }

    @Test
    void closes_a_connection_that_stayed_by_it() throws Exception {
      try (RawWebSocket ann = open(HERE, "a", token("ann", "1"))) {
        ann.text("{\"dormouse\":\"token\",\"token\":\"" + token("ann", "2") + "\"}");
        until(() -> server.counters().renewed.sum() == 1);
        revoke("jti 2");
        assertClosed(ann);
      }
    }
  }
}
