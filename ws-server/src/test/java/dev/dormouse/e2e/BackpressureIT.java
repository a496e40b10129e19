package dev.dormouse.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dormouse.server.RawWebSocket;
import dev.dormouse.storage.StoreFailpoints;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// O6, C7: a server with a small heap, which ends at once if it runs out of it, among clients that
/// say more than a room can take and clients that do not read what it says.
class BackpressureIT {
  private static final String HEAP = "-Xmx80m";

  @TempDir Path folder;

  private int bench;

  private ServerPlan plan(String... options) throws IOException {
    bench = ServerProcess.quietPort();
    List<String> all = new ArrayList<>(List.of(HEAP, "-XX:+ExitOnOutOfMemoryError"));
    all.addAll(List.of(options));
    return ServerPlan.in(folder)
        .options(all)
        .flags("--bench", Integer.toString(bench), "--log-level", "warn");
  }

  /// A counter of the server's, by the start of its line.
  private static double metric(ServerProcess server, String name) throws Exception {
    String all =
        HttpClient.newHttpClient()
            .send(
                HttpRequest.newBuilder(URI.create(server.url() + "/metrics")).build(),
                BodyHandlers.ofString())
            .body();
    return all.lines()
        .filter(line -> line.startsWith(name + " ") || line.startsWith(name + "{"))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .sum();
  }

  @Test
  void O6_a_room_that_is_behind_is_not_read_and_loses_nothing() throws Exception {
    int clients = 20;
    int messages = 4_000;
    String filler = "x".repeat(1_000);
    try (ServerProcess server =
            ServerProcess.start(
                plan("-Ddormouse.slow=%s:20".formatted(StoreFailpoints.BEFORE_COMMIT)));
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      // 80 MB of messages at once, each of which has to wait for the slow disk.
      List<Future<Long>> all = new ArrayList<>();
      for (int i = 0; i < clients; i++) {
        all.add(threads.submit(transactions(messages, filler)));
      }
      long largest = 0;
      for (Future<Long> each : all) {
        largest = Math.max(largest, each.get());
      }
      assertThat(largest).as("every message was handled once").isEqualTo((long) clients * messages);
      assertThat(metric(server, "dormouse_connections_slow_total")).isZero();
    }
  }

  /// Sends all it has without a look at the answers; then they must be there, in order.
  ///
  /// @return the last answer
  private Callable<Long> transactions(int messages, String filler) {
    return () -> {
      try (RawWebSocket client = RawWebSocket.open(bench, "/ws/behind")) {
        for (int i = 0; i < messages; i++) {
          client.text("t" + filler);
        }
        long last = 0;
        for (int i = 0; i < messages; i++) {
          long answer = Long.parseLong(client.readText().substring(1));
          assertThat(answer).isGreaterThan(last);
          last = answer;
        }
        return last;
      }
    };
  }

  @Test
  void C7_readers_that_stop_are_closed_and_the_others_hear_all() throws Exception {
    int lazy = 60;
    int broadcasts = 1_500;
    String filler = "x".repeat(50_000);
    List<RawWebSocket> stopped = new ArrayList<>();
    try (ServerProcess server = ServerProcess.start(plan());
        RawWebSocket speaker = RawWebSocket.open(bench, "/ws/lazy")) {
      for (int i = 0; i < lazy; i++) {
        RawWebSocket one = RawWebSocket.dial(bench, 4_096);
        stopped.add(one);
        assertThat(one.upgrade("/ws/lazy").status()).isEqualTo(101);
      }
      // 75 MB to each, of which the kernel keeps some and the server a MiB.
      for (int i = 0; i < broadcasts; i++) {
        assertThat(speaker.text("b" + i + filler).readText()).startsWith("b" + i + "x");
      }
      for (int i = 0; i < 200 && metric(server, "dormouse_connections_slow_total") < lazy; i++) {
        Thread.sleep(50);
      }
      assertThat(metric(server, "dormouse_connections_slow_total")).isEqualTo(lazy);
      assertThat(speaker.text("e still here").readText()).isEqualTo("e still here");
    } finally {
      for (RawWebSocket each : stopped) {
        each.close();
      }
    }
  }
}
