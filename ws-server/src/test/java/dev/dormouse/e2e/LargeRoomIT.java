package dev.dormouse.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.dormouse.server.RawWebSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// C4, C5: one room with nineteen thousand real sockets, near the usual limit of descriptors: it
/// sleeps, wakes by one message, and loses all of them at once.
class LargeRoomIT {
  private static final int SOCKETS = 19_000;

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
        ServerPlan.in(folder)
            .flags("--bench", Integer.toString(bench), "--log-level", "warn")
            // So that their descriptors are left to the crowd.
            .flags("--sql-files", "16");
    try (ServerProcess server = ServerProcess.start(plan);
        Crowd crowd = new Crowd(bench, _ -> "/ws/large");
        RawWebSocket one = RawWebSocket.open(bench, "/ws/large")) {
      crowd.growTo(SOCKETS);
      assertThat(info().path("sockets").asInt()).isEqualTo(SOCKETS + 1);
      int built = info().path("ctorRoom").asInt();

      asleep(server);
      one.text("e hello");
      assertThat(one.readText()).isEqualTo("e hello");
      assertThat(info().path("ctorRoom").asInt()).as("it had slept").isEqualTo(built + 1);
      assertThat(info().path("sockets").asInt()).isEqualTo(SOCKETS + 1);

      asleep(server);
      crowd.vanish();
      int left = SOCKETS;
      for (int i = 0; i < 600 && left != 1; i++) {
        Thread.sleep(50);
        left = info().path("sockets").asInt();
      }
      assertThat(left).as("connections that are left").isEqualTo(1);
      one.text("e still here");
      assertThat(one.readText()).isEqualTo("e still here");
      assertThat(server.log()).doesNotContain("ERROR");
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
}
