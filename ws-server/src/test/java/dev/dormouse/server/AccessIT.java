package dev.dormouse.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.dormouse.server.access.Mint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Who gets in at a server that asks for tokens, over real sockets.
@Timeout(60)
class AccessIT {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Mint SECRET = Mint.secret(Mint.SECRET);
  private static final Mint CURVE = Mint.curve("first");

  @TempDir static Path folder;

  private static KeyServer keys;
  private static RoomServer server;

  @BeforeAll
  static void start() throws IOException {
    keys = new KeyServer(CURVE);
    Path secret = Files.writeString(folder.resolve("secret"), Mint.SECRET + "\n");
    server =
        RoomServer.builder()
            .namespace(WhoRoom.who())
            .namespace(WhoRoom.kind())
            .namespace(WhoRoom.itself())
            .namespace(TalkRoom.namespace())
            .data(folder.resolve("data"))
            .host("0.0.0.0")
            .port(0)
            .park(Duration.ofMillis(50))
            .set(Setting.CLOSING, "1")
            .set(Setting.ACCESS_SECRET, secret.toString())
            .set(Setting.ACCESS_KEYS, keys.address())
            .set(Setting.ACCESS_SKEW, "0")
            .set(Setting.ORIGIN, "https://app.example")
            .set(Setting.ANONYMOUS, "read:who/public/**, read:kind/public/**")
            .start();
  }

  @AfterAll
  static void stop() {
    server.close();
    keys.close();
  }

  private static String token(String subject, String... grants) {
    return SECRET.token(subject, Instant.now().plusSeconds(600), grants);
  }

  private static String bearer(String token) {
    return "Authorization: Bearer " + token;
  }

  private record Reply(RawWebSocket.Head head, String body) {
    int status() {
      return head.status();
    }

    String error() throws IOException {
      return JSON.readTree(body).path("error").asText();
    }
  }

  private static Reply ask(String line, String... headers) throws IOException {
    try (RawWebSocket client = RawWebSocket.dial(server.port())) {
      String request =
          line
              + " HTTP/1.1\r\nHost: 127.0.0.1:"
              + server.port()
              + "\r\nContent-Length: 0\r\n"
              + String.join("", List.of(headers).stream().map(it -> it + "\r\n").toList())
              + "\r\n";
      client.bytes(request.getBytes(UTF_8));
      RawWebSocket.Head head = client.head();
      return new Reply(head, client.body(head));
    }
  }

  private static Reply knock(String path, String... headers) throws IOException {
    try (RawWebSocket client = RawWebSocket.dial(server.port())) {
      RawWebSocket.Head head = client.upgrade(path, headers);
      return new Reply(head, head.status() == 101 ? "" : client.body(head));
    }
  }

  private static RawWebSocket open(String path, String... headers) throws IOException {
    return RawWebSocket.open(server.port(), path, headers);
  }

  private static void until(BooleanSupplier holds) throws InterruptedException {
    for (int i = 0; i < 500 && !holds.getAsBoolean(); i++) {
      TimeUnit.MILLISECONDS.sleep(20);
    }
    assertThat(holds.getAsBoolean()).isTrue();
  }

  @Nested
  class A_token {
    @Test
    void is_taken_from_a_header_the_query_or_a_sub_protocol() throws Exception {
      String token = token("ann", "write:who/**");
      try (RawWebSocket one = open("/who/a", bearer(token));
          RawWebSocket two = open("/who/a?token=" + token);
          RawWebSocket three =
              open("/who/a", "Sec-WebSocket-Protocol: dormouse, dormouse.token." + token)) {
        for (RawWebSocket each : List.of(one, two, three)) {
          assertThat(each.readText()).isEqualTo("ann WRITE WRITE");
          each.text("hello");
          assertThat(each.readText()).isEqualTo("hello");
        }
      }
    }

    @Test
    void is_never_echoed_as_a_sub_protocol() throws Exception {
      String token = token("ann", "write:**");
      Reply plain = knock("/who/a", "Sec-WebSocket-Protocol: dormouse, dormouse.token." + token);
      assertThat(plain.head().header("sec-websocket-protocol")).contains("dormouse");
      Reply spoken =
          knock("/talk/a?speak=v1", "Sec-WebSocket-Protocol: dormouse.token." + token + ", v1");
      assertThat(spoken.status()).isEqualTo(101);
      assertThat(spoken.head().header("sec-websocket-protocol")).contains("v1");
      Reply alone = knock("/who/a", "Sec-WebSocket-Protocol: dormouse.token." + token);
      assertThat(alone.status()).isEqualTo(101);
      assertThat(alone.head().header("sec-websocket-protocol")).isEmpty();
    }

    @Test
    void may_come_with_each_request() throws Exception {
      assertThat(ask("GET /rooms/who/a", bearer(token("ann", "read:who/a"))).body())
          .isEqualTo("GET ann READ");
      assertThat(ask("POST /rooms/who/a?token=" + token("ann", "admin:who/a")).body())
          .isEqualTo("POST ann ADMIN");
      Reply no = ask("POST /rooms/who/a", bearer(token("ann", "read:who/a")));
      assertThat(no.status()).isEqualTo(403);
      assertThat(no.error()).isEqualTo("not-granted");
      assertThat(no.head().header("www-authenticate").orElseThrow()).contains("insufficient_scope");
    }

    @Test
    void is_not_shown_to_rooms() throws Exception {
      WhoRoom.SEEN.clear();
      String token = token("ann", "write:who/**");
      knock("/who/seen?token=" + token + "&x=1", "Cookie: a=b");
      knock("/who/seen?x=2", bearer(token));
      knock("/who/seen?x=3", "Sec-WebSocket-Protocol: dormouse, dormouse.token." + token);
      ask("GET /rooms/who/seen?x=4&token=" + token, "Cookie: a=b");
      ask("GET /rooms/who/seen?x=5", bearer(token));
      assertThat(WhoRoom.SEEN).hasSize(5);
      for (String seen : WhoRoom.SEEN) {
        assertThat(seen).doesNotContain(token.substring(30)).doesNotContain("dormouse.token");
        assertThat(seen).containsPattern("x=\\[[1-5]\\]");
      }
      assertThat(WhoRoom.SEEN).anyMatch(seen -> seen.contains("cookie=[a=b]"));
    }

    @Test
    void is_refused_before_the_upgrade_with_a_reason() throws Exception {
      String expired = SECRET.token("ann", Instant.now().minusSeconds(60), "write:**");
      Mint stranger = Mint.secret("another secret of thirty-two bytes");
      record Case(String token, int status, String error) {}
      for (Case each :
          List.of(
              new Case(expired, 401, "expired"),
              new Case("rubbish", 401, "malformed"),
              new Case(
                  stranger.token("ann", Instant.now().plusSeconds(9), "write:**"),
                  401,
                  "bad-signature"),
              new Case(token("ann", "write:other/**"), 403, "not-granted"))) {
        for (String[] way :
            new String[][] {
              {"/who/a", bearer(each.token)},
              {"/who/a?token=" + each.token},
              {"/who/a", "Sec-WebSocket-Protocol: dormouse.token." + each.token}
            }) {
          Reply reply = way.length == 1 ? knock(way[0]) : knock(way[0], way[1]);
          assertThat(reply.status()).as(reply.body()).isEqualTo(each.status);
          assertThat(reply.error()).isEqualTo(each.error);
          JsonNode body = JSON.readTree(reply.body());
          assertThat(body.path("room").asText()).isEqualTo("who/a");
          assertThat(body.path("message").asText()).isNotEmpty();
          assertThat(reply.head().header("www-authenticate").orElseThrow())
              .startsWith("Bearer realm=\"dormouse\", error=");
        }
      }
      Reply none = knock("/who/a");
      assertThat(none.status()).isEqualTo(401);
      assertThat(none.error()).isEqualTo("no-token");
      assertThat(none.head().header("www-authenticate")).contains("Bearer realm=\"dormouse\"");
      Reply two = knock("/who/a?token=x", bearer(token("ann", "write:**")));
      assertThat(two.status()).isEqualTo(400);
      assertThat(two.error()).isEqualTo("two-tokens");
    }

    @Test
    void that_is_refused_wakes_no_room() throws Exception {
      WhoRoom.HEARD.clear();
      knock("/who/never-woken");
      knock("/who/never-woken", bearer("rubbish"));
      ask("GET /rooms/who/never-woken", bearer(token("ann")));
      String state = ask("GET /status/who/never-woken", bearer(token("ann", "read:**"))).body();
      assertThat(state).contains("asleep");
      assertThat(WhoRoom.HEARD).doesNotContain("start never-woken");
    }
  }

  @Nested
  class Keys_that_are_fetched {
    @Test
    void change_and_a_token_of_the_new_one_is_good_at_once() throws Exception {
      Mint second = Mint.edwards("second");
      Instant end = Instant.now().plusSeconds(600);
      assertThat(knock("/who/a", bearer(CURVE.token("ann", end, "read:**"))).status())
          .isEqualTo(101);
      keys.holds(CURVE, second);
      // They were read at the start; another look is due ten seconds later.
      until(() -> status(second.token("ann", end, "read:**")) == 101);
      assertThat(status(CURVE.token("ann", end, "read:**"))).isEqualTo(101);
      int asked = keys.asked();
      for (int i = 0; i < 50; i++) {
        assertThat(status(Mint.secret(Mint.SECRET).named("x" + i).token("ann", end, "read:**")))
            .isIn(101, 401);
        assertThat(status(Mint.curve("made-up-" + i).token("ann", end, "read:**"))).isEqualTo(401);
      }
      assertThat(keys.asked() - asked).as("whatever tokens name").isLessThanOrEqualTo(1);
    }

    private static int status(String token) {
      try {
        return knock("/who/a", bearer(token)).status();
      } catch (IOException e) {
        throw new AssertionError(e);
      }
    }
  }

  @Nested
  class Nobody_in_particular {
    @Test
    void reads_what_is_public() throws Exception {
      try (RawWebSocket client = open("/who/public/hall")) {
        assertThat(client.readText()).isEqualTo("nobody READ READ");
        client.text("hello?");
        client.frame(RawWebSocket.PING);
        assertThat(client.next().first()).as("and no echo").isEqualTo(RawWebSocket.PONG);
      }
      assertThat(ask("GET /rooms/who/public/hall").body()).isEqualTo("GET nobody READ");
      assertThat(ask("POST /rooms/who/public/hall").status()).isEqualTo(401);
    }

    @Test
    void is_heard_where_the_namespace_says_so() throws Exception {
      try (RawWebSocket client = open("/kind/public/hall")) {
        assertThat(client.readText()).isEqualTo("nobody READ READ");
        client.text("hello?");
        assertThat(client.readText()).isEqualTo("hello?");
      }
    }

    @Test
    void C8_is_still_a_reader_after_room_and_socket_have_slept() throws Exception {
      try (RawWebSocket client = open("/who/public/nap")) {
        client.readText();
        until(() -> server.front().parked() > 0);
        TimeUnit.MILLISECONDS.sleep(600);
        client.text("hello?");
        client.frame(RawWebSocket.PING);
        assertThat(client.next().first()).isEqualTo(RawWebSocket.PONG);
      }
    }

    @ParameterizedTest
    @CsvSource({
      "GET /status/who/x, 401",
      "GET /metrics, 401",
      "GET /status/who/public/x, 200",
      "GET /healthz, 200",
      "GET /readyz, 200",
      "POST /queues/mails, 401",
      "POST /queues/mails/sender/pull, 401",
      "GET /rooms/who/x, 401",
      "DELETE /rooms/who/x, 401",
    })
    void sees_nothing_else(String line, int status) throws Exception {
      assertThat(ask(line).status()).isEqualTo(status);
    }

    @Test
    void sees_the_metrics_with_a_token_for_them() throws Exception {
      assertThat(ask("GET /metrics", bearer(token("prometheus", "admin:metrics"))).status())
          .isEqualTo(200);
      assertThat(ask("GET /metrics", bearer(token("ann", "write:**"))).status()).isEqualTo(403);
    }
  }

  @Nested
  class A_namespace {
    @Test
    void may_close_whom_it_does_not_let_in() throws Exception {
      record Case(String path, int code) {}
      for (Case each :
          List.of(
              new Case("/kind/a", 4401),
              new Case("/kind/a?token=rubbish", 4401),
              new Case("/kind/a?token=" + token("ann", "read:who/**"), 4403))) {
        try (RawWebSocket client = open(each.path)) {
          RawWebSocket.Frame frame = client.next();
          assertThat(frame.first()).isEqualTo(RawWebSocket.CLOSE);
          assertThat(frame.code()).isEqualTo(each.code);
          client.close(each.code);
          assertThat(client.ended()).isTrue();
        }
      }
    }

    @Test
    void that_closes_names_a_sub_protocol_so_that_browsers_go_along() throws Exception {
      assertThat(
              knock("/kind/a", "Sec-WebSocket-Protocol: v1, dormouse.token.x")
                  .head()
                  .header("sec-websocket-protocol"))
          .contains("v1");
    }

    @Test
    void may_decide_itself_by_what_the_token_says() throws Exception {
      Instant end = Instant.now().plusSeconds(60);
      String red = SECRET.token("ann", end, Map.of("team", "red"));
      String blue = SECRET.token("bob", end, Map.of("team", "blue"));
      try (RawWebSocket client = open("/itself/a", bearer(red))) {
        assertThat(client.readText()).isEqualTo("ann WRITE WRITE");
      }
      Reply no = knock("/itself/a", bearer(blue));
      assertThat(no.status()).isEqualTo(403);
      assertThat(no.body()).contains("for the red team");
      assertThat(knock("/itself/a").status()).isEqualTo(403);
      assertThat(knock("/itself/a", bearer("rubbish")).status()).isEqualTo(401);
    }
  }

  @Nested
  class A_connection_whose_token_ends {
    private RawWebSocket soon(String room, int seconds) throws IOException {
      Instant end = Instant.now().plusSeconds(seconds);
      RawWebSocket client = open(room, bearer(SECRET.token("ann", end, "write:**")));
      assertThat(client.readText()).isEqualTo("ann WRITE WRITE");
      return client;
    }

    @Test
    void C8_is_closed_while_its_room_sleeps_and_its_socket_is_parked() throws Exception {
      try (RawWebSocket client = soon("/who/ends?quietly", 10)) {
        until(() -> server.packed() > 0);
        WhoRoom.HEARD.clear();
        RawWebSocket.Frame frame = client.next();
        assertThat(frame.code()).isEqualTo(4401);
        assertThat(frame.text()).contains("the token has expired");
        client.close(4401);
        assertThat(client.ended()).isTrue();
        assertThat(WhoRoom.HEARD).as("no room was woken").doesNotContain("start ends");
      }
    }

    @Test
    void C8_stays_with_another_token_also_if_it_is_parked() throws Exception {
      try (RawWebSocket client = soon("/who/stays", 4)) {
        TimeUnit.SECONDS.sleep(1);
        Instant later = Instant.now().plusSeconds(7);
        client.text(
            "{\"dormouse\":\"token\",\"token\":\""
                + SECRET.token("ann", later, "write:who/stays")
                + "\"}");
        TimeUnit.SECONDS.sleep(4);
        client.text("still here");
        assertThat(client.readText()).isEqualTo("still here");
        assertThat(client.next().code()).isEqualTo(4401);
      }
    }

    @ParameterizedTest
    @ValueSource(strings = {"bob write:**", "ann read:**", "ann write:who/other"})
    void goes_with_a_token_that_is_not_as_good(String other) throws Exception {
      String[] words = other.split(" ", -1);
      try (RawWebSocket client = soon("/who/goes", 60)) {
        // So that it is asked for the name of a room that is known by its number only.
        TimeUnit.MILLISECONDS.sleep(500);
        client.text("{\"dormouse\":\"token\",\"token\":\"" + token(words[0], words[1]) + "\"}");
        assertThat(client.next().code()).isEqualTo(4403);
      }
    }
  }

  @Nested
  class Pages_of_others {
    @Test
    void may_see_why_they_were_not_let_in_if_their_origin_is_allowed() throws Exception {
      Reply no = ask("GET /rooms/who/a", "Origin: https://app.example");
      assertThat(no.status()).isEqualTo(401);
      assertThat(no.head().header("access-control-allow-origin")).contains("https://app.example");
      Reply preflight =
          ask(
              "OPTIONS /rooms/who/a",
              "Origin: https://app.example",
              "Access-Control-Request-Method: POST",
              "Access-Control-Request-Headers: authorization");
      assertThat(preflight.status()).isEqualTo(204);
      assertThat(preflight.head().header("access-control-allow-headers")).contains("authorization");
    }

    @Test
    void may_not_whatever_token_they_have() throws Exception {
      String good = bearer(token("ann", "admin:**"));
      String evil = "Origin: https://evil.example";
      assertThat(knock("/who/a", good, evil).error()).isEqualTo("forbidden-origin");
      assertThat(knock("/kind/a", good, evil).status()).isEqualTo(403);
      assertThat(ask("POST /rooms/who/a", good, evil).error()).isEqualTo("forbidden-origin");
      assertThat(ask("POST /queues/mails", good, evil).error()).isEqualTo("forbidden-origin");
      Reply read = ask("GET /rooms/who/a", good, evil);
      assertThat(read.head().header("access-control-allow-origin")).isEmpty();
    }
  }

  @Nested
  class A_server_that_asks_for_no_token {
    private RoomServerBuilder builder(Path data) {
      return RoomServer.builder().namespace(WhoRoom.who()).data(data).port(0);
    }

    @Test
    void does_not_start_where_others_reach_it(@TempDir Path data) {
      assertThatExceptionOfType(StartException.class)
          .isThrownBy(() -> builder(data).host("0.0.0.0").start())
          .withMessageContaining("--access-keys")
          .withMessageContaining("--open");
      assertThat(data.resolve("store.lock")).as("nothing was made").doesNotExist();
    }

    @Test
    void starts_so_if_it_is_told_to(@TempDir Path data) throws Exception {
      try (RoomServer open = builder(data).host("0.0.0.0").set(Setting.OPEN, "yes").start();
          RawWebSocket client = RawWebSocket.open(open.port(), "/who/a?token=rubbish")) {
        assertThat(client.readText()).isEqualTo("nobody ADMIN ADMIN");
      }
    }

    @Test
    void answers_to_no_name_then_that_anybody_can_point_at_it(@TempDir Path data) throws Exception {
      try (RoomServer open = builder(data).host("0.0.0.0").set(Setting.OPEN, "yes").start();
          RawWebSocket client = RawWebSocket.dial(open.port())) {
        client.bytes("GET /healthz HTTP/1.1\r\nHost: evil.example\r\n\r\n".getBytes(UTF_8));
        assertThat(client.head().status()).isEqualTo(421);
      }
    }

    @Test
    void starts_on_loopback_as_ever(@TempDir Path data) throws Exception {
      try (RoomServer plain = builder(data).start();
          RawWebSocket client = RawWebSocket.open(plain.port(), "/who/a")) {
        assertThat(client.readText()).isEqualTo("nobody ADMIN ADMIN");
      }
    }

    @Test
    void is_told_that_its_grants_mean_nothing(@TempDir Path data) {
      assertThatExceptionOfType(StartException.class)
          .isThrownBy(() -> builder(data).set(Setting.ANONYMOUS, "read:**").start())
          .withMessageContaining("neither secrets nor keys");
    }
  }

  @Nested
  class Settings_that_cannot_be {
    @ParameterizedTest
    @CsvSource({
      "ACCESS_SECRET, /nowhere/secret, the secrets in /nowhere/secret cannot be used",
      "ACCESS_KEYS, /nowhere/keys.json, the keys in /nowhere/keys.json cannot be used",
      "ACCESS_KEYS, http://id.example/keys, over https",
      "ANONYMOUS, raed:who/a, is no grant",
      "OPEN, perhaps, yes or no",
    })
    void stop_the_start_with_a_sentence(String setting, String value, String sentence) {
      assertThatExceptionOfType(StartException.class)
          .isThrownBy(() ->
              RoomServer.builder()
                  .namespace(WhoRoom.who())
                  .data(folder.resolve("never"))
                  .port(0)
                  .set(Setting.valueOf(setting), value)
                  .start())
          .withMessageContaining(sentence);
    }
  }

  @Test
  void keys_that_cannot_be_fetched_are_503_until_they_can(@TempDir Path data) throws Exception {
    List<Integer> statuses = new ArrayList<>();
    try (KeyServer away = new KeyServer(CURVE)) {
      away.answers(500);
      try (RoomServer waiting =
          RoomServer.builder()
              .namespace(WhoRoom.who())
              .data(data)
              .port(0)
              .set(Setting.ACCESS_KEYS, away.address())
              .start()) {
        String token = CURVE.token("ann", Instant.now().plusSeconds(600), "read:**");
        for (int i = 0; i < 600 && !statuses.contains(101); i++) {
          try (RawWebSocket client = RawWebSocket.dial(waiting.port())) {
            statuses.add(client.upgrade("/who/a", bearer(token)).status());
          }
          away.answers(200);
          TimeUnit.MILLISECONDS.sleep(50);
        }
      }
    }
    assertThat(statuses.getFirst()).isEqualTo(503);
    assertThat(statuses).containsOnly(503, 101);
  }
}
