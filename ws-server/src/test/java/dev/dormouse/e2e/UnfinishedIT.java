package dev.dormouse.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.dormouse.server.RawWebSocket;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A server with a small heap, which ends at once if it runs out of it, among clients that begin
/// and do not end: messages and bodies that do not go on, answers that nobody reads.
///
/// `-Ddormouse.transport=…` says how the server reads.
@Timeout(120)
class UnfinishedIT {
  private static final int HEAP_MIB = 96;

  /// So many times [AbusedRoom#MUCH] twice, and there is no room for it.
  private static final int CROWD = 20;

  @TempDir Path folder;

  @SuppressWarnings("NullAway.Init") // started before each
  private ServerProcess server;

  private int port;

  @SuppressWarnings("NullAway.Init") // moves in before each
  private Neighbour neighbour;

  private final List<RawWebSocket> clients = new ArrayList<>();

  @BeforeEach
  void start() throws Exception {
    server =
        ServerProcess.start(
            ServerPlan.in(folder)
                .runs(AbusedServer.class, ServerPlan.testClassPath())
                .options(List.of("-Xmx" + HEAP_MIB + "m", "-XX:+ExitOnOutOfMemoryError"))
                .flags("--transport", System.getProperty("dormouse.transport", "auto"))
                .flags("--proxies", "127.0.0.1", "--closing", "1"));
    port = server.port();
    neighbour = new Neighbour(port);
  }

  @AfterEach
  void stop() throws Exception {
    try {
      neighbour.wasServed();
    } finally {
      for (RawWebSocket each : clients) {
        each.close();
      }
      server.close();
    }
  }

  private Figures figures() throws IOException {
    return Figures.of(port);
  }

  /// Who reads next to nothing.
  private RawWebSocket lazy() throws IOException {
    RawWebSocket client = RawWebSocket.dial(port, 4_096);
    clients.add(client);
    return client;
  }

  /// A connection to a room, which is behind as soon as it has any work while much waits.
  private RawWebSocket lazy(String room) throws IOException {
    for (int i = 0; i < 200; i++) {
      RawWebSocket client = lazy();
      if (client.upgrade("/abused/" + room).status() == 101) {
        return client;
      }
    }
    throw new AssertionError("nobody is let in");
  }

  private static byte[] get(String path) {
    return ("GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n").getBytes(UTF_8);
  }

  @Test
  void messages_just_below_what_is_always_taken_take_no_more_than_there_is() throws Exception {
    double limit = figures().of("dormouse_memory_waiting_limit_bytes");
    byte[] frame = RawWebSocket.encode(RawWebSocket.BINARY_PART, new byte[65_535]);
    double most = 0;
    for (int i = 0; i < 1_600; i++) {
      lazy("pieces" + i % 10).bytes(frame);
      if (i % 100 == 99) {
        most = Math.max(most, figures().of("dormouse_memory_waiting_bytes"));
      }
    }
    assertThat(most).as("of %s", limit).isBetween(limit, 2 * limit);
    assertThat(figures().of("dormouse_clients_unfinished_total")).isPositive();
    int code = clients.getFirst().readClose();
    assertThat(code).as("the oldest").isEqualTo(1013);
    // Who says little, and says it to its end, is heard even so.
    assertThat(lazy("small").text("x".repeat(30_000)).readText()).hasSize(30_000);
  }

  @Test
  void answers_that_nobody_reads_take_no_more_than_there_is_and_not_for_long() throws Exception {
    double limit = figures().of("dormouse_memory_waiting_limit_bytes");
    RawWebSocket body = lazy();
    body.bytes(
        "POST /rooms/abused/b HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9000\r\n\r\nx"
            .getBytes(UTF_8));
    RawWebSocket slow = RawWebSocket.open(port, "/abused/slow");
    clients.add(slow);
    slow.frame(RawWebSocket.TEXT_PART, (byte) 'x');
    List<RawWebSocket> late = new ArrayList<>();
    for (int i = 0; i < CROWD; i++) {
      lazy("much").text("much");
      RawWebSocket request = lazy();
      request.bytes(get("/rooms/abused/much/-/much"));
      late.add(request);
    }
    assertThat(figures().of("dormouse_memory_waiting_bytes"))
        .as("of %s", limit)
        .isBetween(limit, limit * 3 / 2 + AbusedRoom.MUCH);
    List<String> told = new ArrayList<>();
    for (RawWebSocket each : late.subList(CROWD / 2, CROWD)) {
      RawWebSocket.Head refused = each.head();
      assertThat(refused.status()).isEqualTo(503);
      assertThat(refused.header("retry-after")).hasValue("1");
      told.add(each.body(refused));
    }
    assertThat(told)
        .anyMatch(it -> it.contains("too much waits in memory"))
        .allMatch(it -> it.contains("\"outcome\":\"NOT_APPLIED\""));
    assertThat(clients.get(clients.size() - 2).readClose()).isEqualTo(1013);

    // Neither do they stay: but who sends a little at a time goes on all the while.
    long begun = System.nanoTime();
    int sent = 0;
    double waiting = limit;
    while (waiting > limit / 2 && System.nanoTime() - begun < 40_000_000_000L) {
      Thread.sleep(500);
      int size = (int) Math.min(60_000, (System.nanoTime() - begun) / 250_000) - sent;
      slow.frame(RawWebSocket.MORE, "x".repeat(size).getBytes(UTF_8));
      sent += size;
      waiting = figures().of("dormouse_memory_waiting_bytes");
    }
    assertThat(waiting).isLessThan(limit / 2);
    assertThat(body.head().status()).isEqualTo(408);
    slow.frame(RawWebSocket.LAST, (byte) 'x');
    assertThat(slow.readText()).hasSize(sent + 2);
    // There is room again.
    assertThat(lazy("much").text("much").next().payload()).hasSize(AbusedRoom.MUCH);
  }
}
