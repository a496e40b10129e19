package dev.dormouse.server.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dormouse.rooms.chat.ChatNamespace;
import dev.dormouse.server.RawWebSocket;
import dev.dormouse.server.RoomServer;
import dev.dormouse.server.Setting;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Metrics cost the same however many rooms and connections there are.
class SeriesIT {
  private static final int MANY = 500;

  private static String scrape(RoomServer server) throws Exception {
    HttpRequest request = HttpRequest.newBuilder(URI.create(server.url() + "/metrics")).build();
    try (HttpClient http = HttpClient.newHttpClient()) {
      return http.send(request, HttpResponse.BodyHandlers.ofString()).body();
    }
  }

  /// Has a room start a saga and send messages.
  private static void begin(RoomServer server, int chore) throws Exception {
    URI address = URI.create(server.url() + "/rooms/chores/owner-" + chore + "/-/" + chore);
    try (HttpClient http = HttpClient.newHttpClient()) {
      HttpResponse<String> answer =
          http.send(HttpRequest.newBuilder(address).build(), HttpResponse.BodyHandlers.ofString());
      assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    }
  }

  /// Names with labels. Collections of garbage add series when there is a first of their kind.
  private static Set<String> series(String scrape) {
    return scrape
        .lines()
        .filter(line -> !line.startsWith("#") && !line.startsWith("jvm_gc_"))
        .map(line -> line.substring(0, line.lastIndexOf(' ')))
        .collect(Collectors.toSet());
  }

  @Test
  void no_series_comes_with_rooms_or_connections(@TempDir Path folder) throws Exception {
    try (RoomServer server =
        RoomServer.builder()
            .namespace(ChatNamespace.declaration())
            .namespace(NapRoom.namespace())
            .namespace(ChoreRoom.namespace())
            .sagas(List.of(ChoreRoom.SAGA))
            .queue(ChoreRoom.QUEUE)
            .data(folder)
            .port(0)
            .set(Setting.CLOSING, "1")
            .start()) {
      Set<String> before = series(scrape(server));
      for (int i = 0; i < MANY / 10; i++) {
        begin(server, i);
      }
      List<RawWebSocket> clients = new ArrayList<>();
      try {
        for (int i = 0; i < MANY; i++) {
          String path = (i % 2 == 0 ? "/chat/room-" : "/nap/room-") + i;
          clients.add(RawWebSocket.open(server.port(), path));
        }
        for (int i = 1; i < MANY; i += 2) {
          clients.get(i).text("hello").readText();
        }

        String scrape = scrape(server);
        assertThat(scrape).contains("dormouse_connections " + (double) MANY);
        assertThat(scrape)
            .contains("dormouse_sagas_started_total{definition=\"chore\"} " + MANY / 10.0)
            .contains("dormouse_rooms_started_total{cause=\"created\",namespace=\"_queue\"} 1.0");
        assertThat(scrape).contains("dormouse_sockets{state=\"open\"} " + (double) MANY);
        assertThat(series(scrape)).isEqualTo(before);
      } finally {
        for (RawWebSocket client : clients) {
          client.close();
        }
      }
    }
  }
}
