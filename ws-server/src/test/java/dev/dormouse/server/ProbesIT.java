package dev.dormouse.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What the server tells about itself.
class ProbesIT extends WithServer {
  private static String get(String path) throws IOException {
    try (RawWebSocket client = RawWebSocket.dial(server.port())) {
      client.bytes(
          ("GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
              .getBytes(UTF_8));
      return client.head().status() + " " + client.rest();
    }
  }

  @Test
  void a_room_is_asleep_until_somebody_comes_and_asking_does_not_wake_it() throws IOException {
    String asleep = "200 {\"namespace\":\"talk\",\"name\":\"a/b\",\"state\":\"asleep\"}";
    assertThat(get("/status/talk/a/b")).isEqualTo(asleep);
    assertThat(get("/status/talk/a/b")).isEqualTo(asleep);

    try (RawWebSocket client = open("/talk/a/b")) {
      assertThat(client.text("x").readText()).isEqualTo("x");
      assertThat(get("/status/talk/a/b")).contains("\"awake\"");
    }
  }

  @Test
  void a_namespace_that_did_not_opt_in_does_not_tell() throws IOException {
    assertThat(get("/status/quick/x")).startsWith("404 ").contains("\"not-found\"");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "dormouse_sockets",
        "dormouse_connections",
        "dormouse_rooms_awake",
        "dormouse_events_total",
        "dormouse_write_sets_failed_total",
        "dormouse_connections_slow_total",
        "dormouse_messages_dropped_total",
        "jvm_memory_used_bytes",
        "process_files_open_files"
      })
  void what_is_counted_can_be_read(String metric) throws IOException {
    assertThat(get("/metrics")).startsWith("200 ").contains("\n" + metric);
  }

  @Test
  void connections_are_counted_while_they_are_open() throws Exception {
    try (RawWebSocket client = open("/talk/counted")) {
      assertThat(client.text("x").readText()).isEqualTo("x");
      assertThat(get("/metrics")).doesNotContain("dormouse_connections 0.0");
    }
  }

  @Test
  void an_idle_request_connection_is_closed_and_an_idle_websocket_is_not(@TempDir Path other)
      throws IOException {
    try (RoomServer impatient =
            RoomServer.builder()
                .namespace(TalkRoom.namespace())
                .data(other)
                .port(0)
                .set(Setting.IDLE, "1")
                .set(Setting.CLOSING, "1")
                .start();
        RawWebSocket socket = RawWebSocket.open(impatient.port(), "/talk/idle");
        RawWebSocket plain = RawWebSocket.dial(impatient.port())) {
      socket.readText();
      plain.bytes("GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(UTF_8));
      plain.body(plain.head());

      assertThat(plain.ended()).as("closed by the server after its second").isTrue();
      assertThat(socket.text("still here").readText()).isEqualTo("still here");
    }
  }
}
