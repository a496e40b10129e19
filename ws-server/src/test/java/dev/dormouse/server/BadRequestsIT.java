package dev.dormouse.server;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URLEncoder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Requests of every odd kind get a clear refusal with a JSON body, and the server serves on.
class BadRequestsIT extends WithServer {
  private static final ObjectMapper JSON = new ObjectMapper();

  /// An answer with its body read as JSON.
  private record Refusal(RawWebSocket.Head head, JsonNode json) {
    int status() {
      return head.status();
    }

    String error() {
      return json.path("error").asText();
    }
  }

  /// Sends a request line and headers as they are.
  private static Refusal ask(String lines) throws IOException {
    return ask(lines.getBytes(UTF_8));
  }

  private static Refusal ask(byte[] lines) throws IOException {
    try (RawWebSocket client = RawWebSocket.dial(server.port())) {
      client.bytes(lines);
      client.bytes("\r\nHost: localhost\r\n\r\n".getBytes(UTF_8));
      RawWebSocket.Head head = client.head();
      String body = client.body(head);
      assertThat(head.header("content-type")).as(body).hasValue("application/json");
      JsonNode json = JSON.readTree(body);
      assertThat(json.path("message").asText()).as(body).isNotBlank();
      assertThat(json.path("retryable").isBoolean()).isTrue();
      assertThat(json.path("outcome").asText()).isEqualTo("NOT_APPLIED");
      return new Refusal(head, json);
    }
  }

  private static String get(String target) throws IOException {
    try (RawWebSocket client = RawWebSocket.dial(server.port())) {
      client.bytes(("GET " + target + " HTTP/1.1\r\nHost: localhost\r\n\r\n").getBytes(UTF_8));
      RawWebSocket.Head head = client.head();
      return head.status() + " " + client.body(head);
    }
  }

  @AfterEach
  void the_server_serves_on() throws IOException {
    assertThat(get("/rooms/talk/witness")).startsWith("200 GET witness ");
  }

  @Nested
  class Addresses {
    @ParameterizedTest
    @CsvSource({
      "/nowhere/room, x",
      "/rooms/nowhere/room, x",
      "/status/nowhere/room, x",
      "/ROOMS/talk/x, x",
      "/Talk/x, x"
    })
    void an_unknown_namespace_is_404(String path, String ignored) throws IOException {
      Refusal refusal = ask("GET " + path + " HTTP/1.1");

      assertThat(refusal.status()).isEqualTo(404);
      assertThat(refusal.error()).isEqualTo("unknown-namespace");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/nothing", "/talk", "/talk/", "/index.html", "/healthz/x/"})
    void a_path_without_meaning_is_404(String path) throws IOException {
      assertThat(ask("GET " + path + " HTTP/1.1").status()).isEqualTo(404);
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "/rooms/talk/%",
          "/rooms/talk/%4",
          "/rooms/talk/%zz",
          "/rooms/talk/%u0041",
          "/rooms/talk/%ff",
          "/rooms/talk/%c0%af",
          "/rooms/talk/%ed%a0%80",
          "/rooms/talk/%f0%9f%90",
          "/rooms/%e4/x",
          "/rooms/talk/x/-/%fe",
          "/rooms/talk/nul%00",
          "/rooms/talk/x?a=%",
          "/rooms/talk/x?%ff=1"
        })
    void what_is_not_utf_8_or_holds_a_nul_is_400(String path) throws IOException {
      assertThat(ask("GET " + path + " HTTP/1.1").status()).isEqualTo(400);
    }

    @Test
    void raw_bytes_that_are_not_utf_8_are_400() throws IOException {
      assertThat(ask("GET /rooms/talk/\u00ff\u00fe HTTP/1.1".getBytes(ISO_8859_1)).status())
          .isEqualTo(400);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/rooms/talk", "/rooms/talk/", "/status/talk/", "/rooms/talk//-/x"})
    void a_room_without_a_name_is_400(String path) throws IOException {
      Refusal refusal = ask("GET " + path + " HTTP/1.1");

      assertThat(refusal.status()).isEqualTo(400);
      assertThat(refusal.error()).isEqualTo("bad-name");
    }

    @Test
    void I1_a_name_has_at_most_1024_characters() throws IOException {
      assertThat(get("/rooms/talk/" + "n".repeat(1024))).startsWith("200 ");
      assertThat(get("/rooms/talk/" + URLEncoder.encode("字".repeat(1024), UTF_8)))
          .startsWith("200 ");

      assertThat(ask("GET /rooms/talk/" + "n".repeat(1025) + " HTTP/1.1").error())
          .isEqualTo("bad-name");
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "a/b/c",
          "..",
          "../../etc/passwd",
          ".",
          "a b",
          "%",
          "%41",
          "a+b",
          "\r\nX-Evil: 1",
          "🐭",
          "\ufeff",
          ";jsessionid=1",
          "a//b",
          "?",
          "#",
          "\\",
          "\"quoted\"",
          "-",
          "con"
        })
    void I1_a_name_may_be_any_text(String name) throws IOException {
      String encoded = URLEncoder.encode(name, UTF_8).replace("+", "%20");

      String answer = get("/rooms/talk/" + encoded);

      assertThat(answer).startsWith("200 GET " + name + " path= ");
    }

    @Test
    void I1_a_slash_in_a_name_may_be_encoded_or_not() throws IOException {
      assertThat(get("/rooms/talk/a/b")).isEqualTo(get("/rooms/talk/a%2Fb"));
    }

    @Test
    void what_follows_the_separator_is_the_rooms_path() throws IOException {
      assertThat(get("/rooms/talk/a/b/-/c/d%20e?x=1&x=2&y=a+b"))
          .startsWith("200 GET a/b path=c/d e query={x=[1, 2], y=[a b]} ");
      assertThat(get("/rooms/talk/a%2F-%2Fb")).startsWith("200 GET a/-/b path= ");
    }

    @Test
    void a_huge_address_is_414() throws IOException {
      assertThat(ask("GET /rooms/talk/x?" + "y".repeat(20_000) + " HTTP/1.1").status())
          .isEqualTo(414);
    }

    @Test
    void huge_headers_are_431() throws IOException {
      assertThat(ask("GET /healthz HTTP/1.1\r\nX-Big: " + "y".repeat(20_000)).status())
          .isEqualTo(431);
    }
  }

  @Nested
  class Methods {
    @ParameterizedTest
    @ValueSource(strings = {"/healthz", "/readyz", "/metrics", "/status/talk/x", "/talk/x"})
    void what_can_only_be_read_is_405_for_the_rest(String path) throws IOException {
      Refusal refusal = ask("POST " + path + " HTTP/1.1\r\nContent-Length: 0");

      assertThat(refusal.status()).isEqualTo(405);
      assertThat(refusal.head().header("allow")).hasValue("GET, HEAD");
    }

    @ParameterizedTest
    @ValueSource(strings = {"TRACE", "CONNECT"})
    void what_is_not_for_rooms_is_405(String method) throws IOException {
      assertThat(ask(method + " /rooms/talk/x HTTP/1.1").status()).isIn(400, 405);
    }

    @Test
    void a_room_that_speaks_websocket_says_so() throws IOException {
      Refusal refusal = ask("GET /talk/x HTTP/1.1");

      assertThat(refusal.status()).isEqualTo(426);
      assertThat(refusal.head().header("upgrade")).hasValue("websocket");
    }

    @ParameterizedTest
    @ValueSource(strings = {"GARBAGE", "GET", "GET /x", "GET /x HTTP/9.9", "\u0016\u0003\u0001"})
    void what_is_no_request_is_refused(String line) throws IOException {
      try (RawWebSocket client = RawWebSocket.dial(server.port())) {
        client.bytes((line + "\r\n\r\n").getBytes(UTF_8));

        assertThat(client.head().status()).isIn(400, 426, 505);
      }
    }
  }

  @Nested
  class Bodies {
    @Test
    void arrive_whole() throws IOException {
      String body = "b".repeat(TalkRoom.REQUEST_BYTES);
      try (RawWebSocket client = RawWebSocket.dial(server.port())) {
        client.bytes(
            ("POST /rooms/talk/body HTTP/1.1\r\nHost: localhost\r\nContent-Length: "
                    + body.length()
                    + "\r\n\r\n"
                    + body)
                .getBytes(UTF_8));
        RawWebSocket.Head head = client.head();
        assertThat(client.body(head)).contains("POST body ").contains("body=10000 ");
      }
    }

    @Test
    void arrive_whole_in_chunks_a_byte_at_a_time() throws IOException {
      try (RawWebSocket client = RawWebSocket.dial(server.port())) {
        String head =
            "POST /rooms/talk/body HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n";
        String request = head.concat("3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n");
        for (byte b : request.getBytes(UTF_8)) {
          client.bytes(new byte[] {b});
        }
        assertThat(client.body(client.head())).contains("body=5 ");
      }
    }

    @Test
    void too_large_is_413_before_any_of_it_is_read() throws IOException {
      Refusal refusal = ask("POST /rooms/talk/body HTTP/1.1\r\nContent-Length: 10001");

      assertThat(refusal.status()).isEqualTo(413);
      assertThat(refusal.error()).isEqualTo("too-large");
      assertThat(refusal.json().path("room").asText()).isEqualTo("talk/body");
    }

    @Test
    void too_large_in_chunks_is_413_too() throws IOException {
      try (RawWebSocket client = RawWebSocket.dial(server.port())) {
        client.bytes(
            ("POST /rooms/talk/body HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked"
                    + "\r\n\r\n2711\r\n"
                    + "b".repeat(0x2711)
                    + "\r\n")
                .getBytes(UTF_8));
        RawWebSocket.Head head = client.head();
        assertThat(head.status()).isEqualTo(413);
        assertThat(client.body(head)).contains("\"error\":\"too-large\"");
      }
    }

    @Test
    void broken_chunks_are_400() throws IOException {
      try (RawWebSocket client = RawWebSocket.dial(server.port())) {
        client.bytes(
            ("POST /rooms/talk/body HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked"
                    + "\r\n\r\nzz\r\nabc\r\n")
                .getBytes(UTF_8));
        assertThat(client.head().status()).isEqualTo(400);
      }
    }

    @Test
    void a_client_that_goes_in_the_middle_harms_nobody() throws IOException {
      try (RawWebSocket client = RawWebSocket.dial(server.port())) {
        client.bytes(
            "POST /rooms/talk/body HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\nabc"
                .getBytes(UTF_8));
        client.reset();
      }
    }
  }

  /// What a proxy in front may read as one request and we as two, or the other way round.
  @Nested
  class Smuggling {
    private static final String SECOND =
        "GET /rooms/talk/smuggled HTTP/1.1\r\nHost: localhost\r\n\r\n";

    /// One answer, a refusal, and then the end: what lies behind it is never taken for a request.
    private static void refused(String request) throws IOException {
      try (RawWebSocket client = RawWebSocket.dial(server.port())) {
        client.bytes(request.getBytes(ISO_8859_1));
        RawWebSocket.Head head = client.head();
        assertThat(head.status()).isIn(400, 411, 501);
        assertThat(client.rest()).doesNotContain("HTTP/1.1", "smuggled");
      }
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "Content-Length: 5\r\nTransfer-Encoding: chunked",
          "Transfer-Encoding: chunked\r\nContent-Length: 5",
          "Transfer-Encoding: chunked\r\nContent-Length: 0",
          "Content-Length: 5\r\nContent-Length: 6",
          "Content-Length: 0\r\nContent-Length: 5",
          "Content-Length: +5",
          "Content-Length: -5",
          "Content-Length: 5, 6",
          "Content-Length: 0x5",
          "Content-Length: 99999999999999999999",
          "Content-Length : 5",
          "Transfer-Encoding : chunked",
          "Transfer-Encoding: xchunked",
          "Transfer-Encoding: chunked, identity",
          "Transfer-Encoding: identity, chunked, gzip",
          "Transfer-Encoding:\u000bchunked",
          "X: y\r\n Transfer-Encoding: chunked"
        })
    void a_length_that_two_could_read_differently_is_refused(String headers) throws IOException {
      refused(
          "POST /rooms/talk/first HTTP/1.1\r\nHost: localhost\r\n"
              + headers
              + "\r\n\r\n0\r\n\r\n"
              + SECOND);
    }

    @ParameterizedTest
    @ValueSource(strings = {"5;\nx", "-1", "+5", "0x5", "5 5", "ffffffffffffffffff", ""})
    void a_chunk_of_an_odd_size_is_refused(String size) throws IOException {
      refused(
          "POST /rooms/talk/first HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n"
              + size
              + "\r\nabcde\r\n0\r\n\r\n"
              + SECOND);
    }

    @ParameterizedTest
    @ValueSource(
        strings = {"Host: a\r\nHost: b", "X-None: 1", "Host: a b", "Host: localhost\u0000"})
    void a_host_that_two_could_read_differently_is_refused(String host) throws IOException {
      refused("GET /rooms/talk/first HTTP/1.1\r\n" + host + "\r\n\r\n");
    }

    /// What is sent behind a handshake that is refused is a request of its own; behind one that
    /// succeeds it is frames.
    @Test
    void what_follows_a_handshake_is_frames() throws IOException {
      try (RawWebSocket client = RawWebSocket.dial(server.port())) {
        String handshake =
            "GET /talk/follows HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade"
                + "\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
        client.bytes((handshake + SECOND).getBytes(UTF_8));
        assertThat(client.head().status()).isEqualTo(101);
        assertThat(client.readClose()).isEqualTo(1002);
      }
    }
  }

  @Nested
  class Handshakes {
    private static final String KEY = "\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==";
    private static final String UPGRADE = "\r\nUpgrade: websocket\r\nConnection: Upgrade";

    @Test
    void without_a_key_are_400() throws IOException {
      Refusal refusal = ask("GET /talk/x HTTP/1.1" + UPGRADE + "\r\nSec-WebSocket-Version: 13");

      assertThat(refusal.status()).isEqualTo(400);
      assertThat(refusal.error()).isEqualTo("bad-handshake");
    }

    @Test
    void with_a_key_of_the_wrong_length_are_400() throws IOException {
      assertThat(
              ask("GET /talk/x HTTP/1.1"
                      + UPGRADE
                      + "\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: c2hvcnQ=")
                  .status())
          .isEqualTo(400);
    }

    @Test
    void without_connection_upgrade_are_400() throws IOException {
      assertThat(
              ask("GET /talk/x HTTP/1.1\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13" + KEY)
                  .status())
          .isEqualTo(400);
    }

    @Test
    void of_another_version_are_426_and_name_ours() throws IOException {
      Refusal refusal =
          ask("GET /talk/x HTTP/1.1" + UPGRADE + "\r\nSec-WebSocket-Version: 8" + KEY);

      assertThat(refusal.status()).isEqualTo(426);
      assertThat(refusal.head().header("sec-websocket-version")).hasValue("13");
    }

    @Test
    void by_post_are_400() throws IOException {
      assertThat(
              ask("POST /talk/x HTTP/1.1"
                      + UPGRADE
                      + "\r\nContent-Length: 0\r\nSec-WebSocket-Version: 13"
                      + KEY)
                  .status())
          .isEqualTo(400);
    }

    @Test
    void to_an_unknown_namespace_are_404() throws IOException {
      assertThat(
              ask("GET /nowhere/x HTTP/1.1" + UPGRADE + "\r\nSec-WebSocket-Version: 13" + KEY)
                  .status())
          .isEqualTo(404);
    }

    @Test
    void that_the_room_refuses_carry_its_status_and_reason() throws IOException {
      Refusal refusal =
          ask("GET /talk/x?refuse=403 HTTP/1.1" + UPGRADE + "\r\nSec-WebSocket-Version: 13" + KEY);

      assertThat(refusal.status()).isEqualTo(403);
      assertThat(refusal.json().path("message").asText()).isEqualTo("not you");
    }

    @Test
    void that_the_room_fails_at_are_500_and_tell_no_secrets() throws IOException {
      Refusal refusal =
          ask(
              "GET /talk/x?refuse=banana HTTP/1.1"
                  + UPGRADE
                  + "\r\nSec-WebSocket-Version: 13"
                  + KEY);

      assertThat(refusal.status()).isEqualTo(500);
      assertThat(refusal.error()).isEqualTo("reset");
      assertThat(refusal.json().toString()).doesNotContain("NumberFormat");
    }
  }

  @Nested
  class Answers {
    @Test
    void a_rooms_refusal_has_its_status() throws IOException {
      Refusal refusal = ask("GET /rooms/talk/answers/-/refused HTTP/1.1");

      assertThat(refusal.status()).isEqualTo(409);
      assertThat(refusal.error()).isEqualTo("refused");
      assertThat(refusal.json().path("room").asText()).isEqualTo("talk/answers");
    }

    @Test
    void S3_a_version_conflict_is_412_with_the_version_now() throws IOException {
      Refusal refusal = ask("GET /rooms/talk/answers/-/conflict HTTP/1.1");

      assertThat(refusal.status()).isEqualTo(412);
      assertThat(refusal.head().header("etag")).hasValue("\"17\"");
      assertThat(refusal.json().path("current").asLong()).isEqualTo(17);
    }

    @Test
    void T4_a_throw_is_500() throws IOException {
      Refusal refusal = ask("GET /rooms/talk/answers/-/throw HTTP/1.1");

      assertThat(refusal.status()).isEqualTo(500);
      assertThat(refusal.error()).isEqualTo("reset");
    }

    @Test
    void a_stream_arrives_whole() throws IOException {
      try (RawWebSocket client = RawWebSocket.dial(server.port())) {
        client.bytes(
            "GET /rooms/talk/answers/-/stream HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
                .getBytes(UTF_8));
        assertThat(client.head().status()).isEqualTo(200);
        assertThat(client.rest()).startsWith("line 0\n").endsWith("line 999\n");
      }
    }

    @Test
    void a_stream_that_breaks_off_is_seen_to_be_broken() throws IOException {
      try (RawWebSocket client = RawWebSocket.dial(server.port())) {
        client.bytes(
            "GET /rooms/talk/answers/-/broken HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(UTF_8));
        assertThat(client.head().status()).isEqualTo(200);
        assertThat(client.rest()).doesNotEndWith("0\r\n\r\n");
      }
    }

    @Test
    void a_rooms_headers_cannot_break_the_answer() throws IOException {
      try (RawWebSocket client = RawWebSocket.dial(server.port())) {
        client.bytes(
            "GET /rooms/talk/answers/-/headers HTTP/1.1\r\nHost: localhost\r\n\r\n"
                .getBytes(UTF_8));
        RawWebSocket.Head head = client.head();
        assertThat(head.header("x-evil")).isEmpty();
        assertThat(head.header("transfer-encoding")).isEmpty();
        assertThat(client.body(head)).isEqualTo("see my head");
      }
    }

    @Test
    void a_head_request_has_no_body() throws IOException {
      try (RawWebSocket client = RawWebSocket.dial(server.port())) {
        client.bytes("HEAD /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(UTF_8));
        client.bytes("GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(UTF_8));
        assertThat(client.head().status()).isEqualTo(200);
        assertThat(client.body(client.head())).isEqualTo("{\"status\":\"ok\"}");
      }
    }

    @Test
    void many_requests_may_be_under_way_on_one_connection() throws IOException {
      try (RawWebSocket client = RawWebSocket.dial(server.port())) {
        StringBuilder requests = new StringBuilder();
        for (int i = 0; i < 50; i++) {
          requests.append("GET /rooms/quick/r" + i + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
        }
        client.bytes(requests.toString().getBytes(UTF_8));
        for (int i = 0; i < 50; i++) {
          assertThat(client.body(client.head())).startsWith("GET r" + i + " ");
        }
      }
    }
  }
}
