package dev.dormouse.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Whose pages may talk to a server, and under which names it answers.
class TrustIT {
  private static final String HANDSHAKE =
      String.join(
          "\r\n",
          "Upgrade: websocket",
          "Connection: Upgrade",
          "Sec-WebSocket-Version: 13",
          "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==");

  @TempDir static Path folder;

  private static RoomServer plain;
  private static RoomServer opened;

  @BeforeAll
  static void start() {
    plain = builder("plain").start();
    opened =
        builder("opened")
            .set(Setting.ORIGIN, "https://app.example, http://other.example:81")
            .set(Setting.HOSTS, "rooms.example")
            .start();
  }

  private static RoomServerBuilder builder(String data) {
    return RoomServer.builder()
        .namespace(TalkRoom.namespace())
        .data(folder.resolve(data))
        .set(Setting.CLOSING, "1")
        .port(0);
  }

  @AfterAll
  static void stop() {
    plain.close();
    opened.close();
  }

  private static RawWebSocket.Head ask(RoomServer server, String line, String... headers)
      throws IOException {
    try (RawWebSocket client = RawWebSocket.dial(server.port())) {
      StringBuilder request = new StringBuilder(line + " HTTP/1.1\r\n");
      for (String header : headers) {
        request.append(header).append("\r\n");
      }
      client.bytes(request.append("\r\n").toString().getBytes(UTF_8));
      return client.head();
    }
  }

  private static int upgrade(RoomServer server, String host, String origin) throws IOException {
    return ask(server, "GET /talk/x", "Host: " + host, "Origin: " + origin, HANDSHAKE).status();
  }

  @Nested
  class Upgrades {
    @Test
    void from_the_servers_own_pages_are_taken() throws IOException {
      int port = plain.port();
      assertThat(upgrade(plain, "localhost:" + port, "http://localhost:" + port)).isEqualTo(101);
      assertThat(upgrade(plain, "127.0.0.1:" + port, "http://127.0.0.1:" + port)).isEqualTo(101);
      assertThat(upgrade(plain, "[::1]:" + port, "http://[::1]:" + port)).isEqualTo(101);
      assertThat(upgrade(plain, "localhost", "https://LOCALHOST")).isEqualTo(101);
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "http://evil.example",
          "http://localhost:1",
          "http://localhost.evil.example",
          "null",
          "file://",
          "localhost",
          "http://",
          "http://localhost:8420@evil.example"
        })
    void from_other_pages_are_403(String origin) throws IOException {
      assertThat(upgrade(plain, "localhost:" + plain.port(), origin)).isEqualTo(403);
    }

    @Test
    void from_configured_origins_are_taken() throws IOException {
      assertThat(upgrade(opened, "rooms.example", "https://app.example")).isEqualTo(101);
      assertThat(upgrade(opened, "rooms.example", "http://other.example:81")).isEqualTo(101);
      assertThat(upgrade(opened, "rooms.example", "http://app.example")).isEqualTo(403);
    }

    @Test
    void of_programs_carry_no_origin_and_are_taken() throws IOException {
      assertThat(ask(plain, "GET /talk/x", "Host: localhost", HANDSHAKE).status()).isEqualTo(101);
    }
  }

  @Nested
  class Requests {
    @ParameterizedTest
    @ValueSource(strings = {"POST", "PUT", "PATCH", "DELETE"})
    void that_may_change_something_are_403_from_other_pages(String method) throws IOException {
      assertThat(
              ask(
                      plain,
                      method + " /rooms/talk/x",
                      "Host: localhost",
                      "Origin: http://evil.example",
                      "Content-Length: 0")
                  .status())
          .isEqualTo(403);
    }

    @Test
    void that_only_read_are_answered_and_the_browser_keeps_the_answer_from_the_page()
        throws IOException {
      RawWebSocket.Head head =
          ask(plain, "GET /rooms/talk/x", "Host: localhost", "Origin: http://evil.example");

      assertThat(head.status()).isEqualTo(200);
      assertThat(head.header("access-control-allow-origin")).isEmpty();
    }

    @Test
    void of_configured_origins_are_answered_so_that_the_page_may_see_it() throws IOException {
      RawWebSocket.Head head =
          ask(
              opened,
              "POST /rooms/talk/x",
              "Host: rooms.example",
              "Origin: https://app.example",
              "Content-Length: 0");

      assertThat(head.status()).isEqualTo(200);
      assertThat(head.header("access-control-allow-origin")).hasValue("https://app.example");
    }

    @Test
    void may_be_asked_for_beforehand_by_configured_origins_only() throws IOException {
      String method = "Access-Control-Request-Method: PUT";
      RawWebSocket.Head yes =
          ask(
              opened,
              "OPTIONS /rooms/talk/x",
              "Host: rooms.example",
              "Origin: https://app.example",
              method);
      assertThat(yes.status()).isEqualTo(204);
      assertThat(yes.header("access-control-allow-methods"))
          .hasValueSatisfying(methods -> assertThat(methods).contains("PUT"));

      RawWebSocket.Head no =
          ask(
              opened,
              "OPTIONS /rooms/talk/x",
              "Host: rooms.example",
              "Origin: https://evil.example",
              method);
      assertThat(no.header("access-control-allow-origin")).isEmpty();
    }
  }

  @Nested
  class Hosts {
    @ParameterizedTest
    @ValueSource(
        strings = {
          "localhost",
          "LOCALHOST:1",
          "dev.localhost",
          "127.0.0.1",
          "192.168.0.1",
          "[::1]"
        })
    void that_nobody_else_can_name_are_answered(String host) throws IOException {
      assertThat(ask(plain, "GET /healthz", "Host: " + host).status()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(
        strings = {"evil.example", "localhost.evil.example", "127.0.0.1.evil.example", "x"})
    void of_others_that_point_here_are_421(String host) throws IOException {
      assertThat(ask(plain, "GET /healthz", "Host: " + host).status()).isEqualTo(421);
    }

    @Test
    void that_were_configured_are_answered() throws IOException {
      assertThat(ask(opened, "GET /healthz", "Host: rooms.example").status()).isEqualTo(200);
      assertThat(ask(plain, "GET /healthz", "Host: rooms.example").status()).isEqualTo(421);
    }
  }
}
