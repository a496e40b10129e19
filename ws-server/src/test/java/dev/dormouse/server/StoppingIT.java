package dev.dormouse.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// How a server stops (H5).
@Timeout(60)
class StoppingIT {
  @TempDir Path folder;

  private RoomServer start(String drain) {
    return RoomServer.builder()
        .namespace(TalkRoom.namespace())
        .data(folder)
        .port(0)
        .park(Parking.TIME)
        .set(Setting.DRAIN, drain)
        .set(Setting.CLOSING, "1")
        .start();
  }

  @Test
  void H5_every_client_is_told_to_come_back_and_no_room_hears_of_it() throws Exception {
    RoomServer server = start("5");
    List<RawWebSocket> clients = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      RawWebSocket client = RawWebSocket.open(server.port(), "/talk/told");
      assertThat(client.readText()).isEqualTo("welcome");
      clients.add(client);
      assertThat(TalkRoom.seen("told")).isEqualTo("open");
    }
    assertThat(clients.getFirst().text("put last words").readText()).isEqualTo("stored last words");

    Thread stop = Thread.ofVirtual().start(server::close);
    for (RawWebSocket client : clients) {
      assertThat(client.readClose()).isEqualTo(1001);
      client.close(1001);
      assertThat(client.ended()).isTrue();
      client.close();
    }
    stop.join();

    assertThat(TalkRoom.log("told")).isEmpty();
    assertThat(server.drained()).isTrue();
    assertThatExceptionOfType(IOException.class)
        .isThrownBy(() -> RawWebSocket.dial(server.port() < 0 ? 1 : server.port()));

    try (RoomServer again = start("5");
        RawWebSocket client = RawWebSocket.open(again.port(), "/talk/told")) {
      client.readText();
      assertThat(client.text("get").readText()).isEqualTo("last words");
    }
  }

  @Test
  void H5_work_that_has_begun_is_answered_and_new_work_is_told_to_come_back() throws Exception {
    RoomServer server = start("20");
    CountDownLatch gate = new CountDownLatch(1);
    TalkRoom.GATES.put("draining", gate);
    try (RawWebSocket begun = RawWebSocket.dial(server.port());
        RawWebSocket idle = RawWebSocket.dial(server.port())) {
      idle.bytes("GET /readyz HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(UTF_8));
      assertThat(idle.body(idle.head())).isEqualTo("{\"status\":\"ready\"}");
      begun.bytes(
          "GET /rooms/talk/draining/-/wait HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(UTF_8));
      assertThat(TalkRoom.seen("draining")).isEqualTo("waiting");

      Thread stop = Thread.ofVirtual().start(server::close);
      RawWebSocket.Head head;
      // The stop begins on its own thread; bounded by the test's time.
      do {
        idle.bytes("GET /readyz HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(UTF_8));
        head = idle.head();
        idle.body(head);
      } while (head.status() != 503);
      String answer;
      do {
        idle.bytes("GET /rooms/talk/late HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(UTF_8));
        head = idle.head();
        answer = idle.body(head);
      } while (head.status() == 200);
      assertThat(head.status()).isEqualTo(503);
      assertThat(head.header("retry-after")).hasValue("1");
      assertThat(answer).contains("\"error\":\"going-away\"");

      gate.countDown();
      assertThat(begun.body(begun.head())).isEqualTo("done");
      stop.join();
      assertThat(server.drained()).isTrue();
    }
  }

  @Test
  void H5_work_that_does_not_end_is_interrupted_when_the_time_is_over() throws Exception {
    RoomServer server = start("1");
    TalkRoom.GATES.put("stuck", new CountDownLatch(1));
    try (RawWebSocket stuck = RawWebSocket.dial(server.port())) {
      stuck.bytes(
          "GET /rooms/talk/stuck/-/wait HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(UTF_8));
      assertThat(TalkRoom.seen("stuck")).isEqualTo("waiting");

      long began = System.nanoTime();
      server.close();

      assertThat(server.drained()).isFalse();
      assertThat(TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - began)).isLessThan(10);
    }
  }

  @Test
  void a_second_close_does_nothing() {
    RoomServer server = start("5");
    server.close();
    server.close();

    assertThat(server.drained()).isTrue();
  }
}
