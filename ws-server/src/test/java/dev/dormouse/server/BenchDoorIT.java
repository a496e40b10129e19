package dev.dormouse.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dormouse.room.Namespace;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The bench port passes its paths on to the namespace `bench`, whatever that does with them.
class BenchDoorIT {
  @TempDir static Path folder;

  private static RoomServer server;
  private static HttpClient client;

  @BeforeAll
  static void start() {
    server =
        RoomServer.builder()
            .namespace(Namespace.named("bench", TalkRoom::new).build())
            .data(folder.resolve("data"))
            .port(0)
            .set(Setting.BENCH, "0")
            .start();
    client = HttpClient.newHttpClient();
  }

  @AfterAll
  static void stop() {
    client.close();
    server.close();
  }

  private static HttpResponse<String> send(String method, String path) throws Exception {
    URI uri = URI.create("http://127.0.0.1:" + server.benchPort() + path);
    HttpRequest request =
        HttpRequest.newBuilder(uri).method(method, HttpRequest.BodyPublishers.noBody()).build();
    return client.send(request, HttpResponse.BodyHandlers.ofString());
  }

  @Test
  void pages_of_others_are_refused_and_so_are_other_people_s_names() throws Exception {
    for (String header : List.of("Origin: http://evil.example", "Host: evil.example")) {
      try (RawWebSocket client = RawWebSocket.dial(server.benchPort())) {
        String host = header.startsWith("Host") ? "" : "Host: localhost\r\n";
        client.bytes(
            ("POST /tx/r1 HTTP/1.1\r\n" + host + header + "\r\nContent-Length: 0\r\n\r\n")
                .getBytes(StandardCharsets.UTF_8));
        assertThat(client.head().status()).as(header).isIn(403, 421);
      }
    }
  }

  @Test
  void ping_needs_no_room() throws Exception {
    assertThat(send("GET", "/ping").body()).isEqualTo("pong");
  }

  @ParameterizedTest
  @CsvSource({
    "POST, /tx/r1, POST r1 path=tx query={}",
    "POST, /tx/r1?expect=4, POST r1 path=tx query={expect=[4]}",
    "GET, /get/r2, GET r2 path=get query={}",
    "GET, /info/r3, GET r3 path=info query={}",
    "POST, /alarm/r4?ms=5&fail=1, 'POST r4 path=alarm query={ms=[5], fail=[1]}'"
  })
  void paths_become_calls(String method, String path, String call) throws Exception {
    assertThat(send(method, path).body()).startsWith(call);
  }

  @ParameterizedTest
  @CsvSource({"/sql/r1", "/", "/tx", "/rooms/bench/r1", "/healthz"})
  void nothing_else_is_there(String path) throws Exception {
    assertThat(send("GET", path).statusCode()).isEqualTo(404);
  }

  @Test
  void sockets_are_the_rooms() throws Exception {
    try (RawWebSocket socket = RawWebSocket.open(server.benchPort(), "/ws/r5")) {
      assertThat(socket.readText()).isEqualTo("welcome");
      assertThat(socket.text("hello").readText()).isEqualTo("hello");
    }
  }

  @Test
  void the_bench_room_is_there_when_no_other_was_declared() throws Exception {
    try (RoomServer own =
        RoomServer.builder().data(folder.resolve("own")).port(0).set(Setting.BENCH, "0").start()) {
      String uri = "http://127.0.0.1:" + own.benchPort() + "/tx/r1?expect=";
      assertThat(post(uri + "0")).isEqualTo("200 1");
      assertThat(post(uri + "0")).isEqualTo("409 1");
      assertThat(post(uri + "1")).isEqualTo("200 2");
    }
  }

  private static String post(String uri) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(uri)).POST(HttpRequest.BodyPublishers.noBody()).build();
    HttpResponse<String> reply = client.send(request, HttpResponse.BodyHandlers.ofString());
    return reply.statusCode() + " " + reply.body();
  }

  @Test
  void the_main_port_has_the_same_rooms() throws Exception {
    assertThat(server.benchPort()).isNotEqualTo(server.port());
    try (RawWebSocket one = RawWebSocket.open(server.benchPort(), "/ws/r6");
        RawWebSocket two = RawWebSocket.open(server.port(), "/bench/r6")) {
      assertThat(one.readText()).isEqualTo("welcome");
      assertThat(two.readText()).isEqualTo("welcome");
      one.text("others hello");
      assertThat(two.readText()).isEqualTo("hello");
    }
  }
}
