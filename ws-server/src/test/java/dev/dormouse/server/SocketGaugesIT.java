package dev.dormouse.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What the metrics say of sockets that are stuck or on their way out; nothing is left over.
class SocketGaugesIT {
  @TempDir static Path folder;

  private static RoomServer server;

  @BeforeAll
  static void start() {
    server = RoomServer.builder().namespace(TalkRoom.namespace()).data(folder).port(0).start();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static final String QUEUED = "dormouse_sockets_queued_bytes";
  private static final String OPEN = "dormouse_sockets{state=\"open\"}";
  private static final String CLOSING = "dormouse_sockets{state=\"closing\"}";

  private static double value(String series) throws IOException {
    try (RawWebSocket client = RawWebSocket.dial(server.port())) {
      client.bytes(
          "GET /metrics HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".getBytes(UTF_8));
      client.head();
      return client
          .rest()
          .lines()
          .filter(line -> line.startsWith(series + " "))
          .mapToDouble(line -> Double.parseDouble(line.substring(series.length() + 1)))
          .findFirst()
          .orElseThrow();
    }
  }

  private static void await(String series, double from, double to) throws Exception {
    double value = value(series);
    for (int i = 0; i < 200 && (value < from || value > to); i++) {
      Thread.sleep(50);
      value = value(series);
    }
    assertThat(value).as(series).isBetween(from, to);
  }

  @Test
  void bytes_wait_for_a_client_that_does_not_read_and_are_gone_with_it() throws Exception {
    int size = 16_000_000;
    try (RawWebSocket client = RawWebSocket.dial(server.port(), 4_096)) {
      client.upgrade("/talk/stuck");
      client.text("send " + size);

      await(QUEUED, size, size + 100);
    }
    await(QUEUED, 0, 0);
  }

  @Test
  void C5_a_socket_is_closing_from_the_close_until_the_client_answers() throws Exception {
    try (RawWebSocket client = RawWebSocket.open(server.port(), "/talk/leaving")) {
      await(OPEN, 1, 1);
      client.text("close 1000");
      assertThat(client.readClose()).isEqualTo(1000);

      await(CLOSING, 1, 1);
      assertThat(value(OPEN)).isZero();
      client.close(1000);
      await(CLOSING, 0, 0);
      await(OPEN, 0, 0);
    }
  }

  @Test
  void C5_nothing_is_left_of_a_socket_that_the_client_closes_or_cuts() throws Exception {
    try (RawWebSocket client = RawWebSocket.open(server.port(), "/talk/leaving-too")) {
      client.close(1000);
      assertThat(client.readClose()).isEqualTo(1000);
    }
    try (RawWebSocket client = RawWebSocket.open(server.port(), "/talk/cut")) {
      await(OPEN, 1, 1);
      client.reset();
    }
    await(OPEN, 0, 0);
    await(CLOSING, 0, 0);
  }
}
