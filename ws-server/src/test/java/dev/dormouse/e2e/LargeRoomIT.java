package dev.dormouse.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.dormouse.server.RawWebSocket;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// C4, C5: one room with nineteen thousand real sockets, near the usual limit of descriptors: it
/// sleeps, wakes by one message, and loses all of them at once.
class LargeRoomIT {
  private static final int SOCKETS = 19_000;
  private static final int THREADS = 8;

  @TempDir Path folder;

  private final HttpClient http = HttpClient.newHttpClient();
  private int bench;

  private JsonNode info() throws Exception {
    URI uri = URI.create("http://127.0.0.1:" + bench + "/info/large");
    String json = http.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString()).body();
    return new ObjectMapper().readTree(json);
  }

  @Test
  void C4_C5_wakes_by_one_message_and_loses_all_at_once() throws Exception {
    bench = ServerProcess.quietPort();
    ServerPlan plan =
        ServerPlan.in(folder).flags("--bench", Integer.toString(bench), "--log-level", "warn");
    List<SocketChannel> crowd = new ArrayList<>();
    try (ServerProcess server = ServerProcess.start(plan);
        RawWebSocket one = RawWebSocket.open(bench, "/ws/large")) {
      connect(crowd);
      assertThat(info().path("sockets").asInt()).isEqualTo(SOCKETS + 1);
      int built = info().path("ctorRoom").asInt();

      asleep(server);
      one.text("e hello");
      assertThat(one.readText()).isEqualTo("e hello");
      assertThat(info().path("ctorRoom").asInt()).as("it had slept").isEqualTo(built + 1);
      assertThat(info().path("sockets").asInt()).isEqualTo(SOCKETS + 1);

      asleep(server);
      for (SocketChannel socket : crowd) {
        socket.close();
      }
      crowd.clear();
      int left = SOCKETS;
      for (int i = 0; i < 600 && left != 1; i++) {
        Thread.sleep(50);
        left = info().path("sockets").asInt();
      }
      assertThat(left).as("connections that are left").isEqualTo(1);
      one.text("e still here");
      assertThat(one.readText()).isEqualTo("e still here");
      assertThat(server.log()).doesNotContain("ERROR");
    } finally {
      for (SocketChannel socket : crowd) {
        socket.close();
      }
    }
  }

  /// The metrics say when no room is in memory any more; asking the room would wake it.
  private void asleep(ServerProcess server) throws Exception {
    URI metrics = URI.create(server.url() + "/metrics");
    for (int i = 0; i < 400; i++) {
      String all =
          http.send(HttpRequest.newBuilder(metrics).build(), BodyHandlers.ofString()).body();
      List<String> awake =
          all.lines().filter(line -> line.startsWith("dormouse_rooms_awake{")).toList();
      if (!awake.isEmpty() && awake.stream().allMatch(line -> line.endsWith(" 0.0"))) {
        return;
      }
      Thread.sleep(100);
    }
    throw new AssertionError("the room does not fall asleep");
  }

  private void connect(List<SocketChannel> crowd) throws Exception {
    try (ExecutorService threads = Executors.newFixedThreadPool(THREADS)) {
      List<Future<List<SocketChannel>>> parts = new ArrayList<>();
      for (int i = 0; i < THREADS; i++) {
        int share = SOCKETS / THREADS;
        parts.add(threads.submit(() -> connect(share)));
      }
      for (Future<List<SocketChannel>> part : parts) {
        crowd.addAll(part.get());
      }
    }
  }

  private List<SocketChannel> connect(int count) throws IOException {
    byte[] request =
        """
        GET /ws/large HTTP/1.1\r
        Host: 127.0.0.1:%d\r
        Upgrade: websocket\r
        Connection: Upgrade\r
        Sec-WebSocket-Version: 13\r
        Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r
        \r
        """
            .formatted(bench)
            .getBytes(StandardCharsets.US_ASCII);
    List<SocketChannel> sockets = new ArrayList<>();
    ByteBuffer answer = ByteBuffer.allocate(1024);
    for (int i = 0; i < count; i++) {
      SocketChannel socket =
          SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), bench));
      sockets.add(socket);
      // Vanishes without a trace when it is closed, as if its line had been cut.
      socket.setOption(StandardSocketOptions.SO_LINGER, 0);
      socket.write(ByteBuffer.wrap(request));
      answer.clear();
      while (!ended(answer)) {
        if (socket.read(answer) < 0) {
          throw new IOException("closed during the handshake of socket " + i);
        }
      }
      if (!new String(answer.array(), 0, answer.position(), StandardCharsets.US_ASCII)
          .startsWith("HTTP/1.1 101")) {
        throw new IOException(
            "not upgraded: " + new String(answer.array(), StandardCharsets.UTF_8));
      }
    }
    return sockets;
  }

  private static boolean ended(ByteBuffer answer) {
    int end = answer.position();
    return end >= 4
        && answer.get(end - 4) == '\r'
        && answer.get(end - 3) == '\n'
        && answer.get(end - 2) == '\r'
        && answer.get(end - 1) == '\n';
  }
}
