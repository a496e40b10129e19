package dev.dormouse.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.Socket;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Whom the inspector refuses, and what; and that it is nowhere but on loopback.
@Timeout(120)
class AdminStrangersIT extends WithAdmin {
  @Nested
  class What_cannot_be {
    @ParameterizedTest
    @CsvSource({
      "GET /index.htm, 404, not-found",
      "GET /nothing, 404, not-found",
      "GET /namespaces/talk, 404, not-found",
      "GET /healthz, 404, not-found",
      "GET //rooms, 404, not-found",
      "OPTIONS *, 404, not-found",
      "GET /rooms/nowhere/x, 404, unknown-namespace",
      "GET /rooms?namespace=nowhere, 404, unknown-namespace",
      "POST /rooms/nowhere/x/evict, 404, unknown-namespace",
      "GET /rooms?limit=0, 400, bad-request",
      "GET /rooms?limit=1001, 400, bad-request",
      "GET /rooms?limit=many, 400, bad-request",
      "GET /rooms?limit=1&limit=2, 400, bad-request",
      "GET /rooms?state=dozing, 400, bad-request",
      "GET /rooms?serach=x, 400, bad-request",
      "GET /rooms?after=x, 400, bad-request",
      "GET /rooms?search=%ff, 400, bad-request",
      "GET /namespaces?x=1, 400, bad-request",
      "GET /rooms/talk, 400, bad-request",
      "GET /rooms/talk?id=12, 400, bad-name",
      "GET /rooms/talk/x?id=12, 400, bad-request",
      "GET /rooms/talk/, 400, bad-name",
      "GET /rooms/talk/%zz, 400, bad-request",
      "POST /rooms/talk/evict, 400, bad-request",
      "POST /rooms/talk//wake, 400, bad-name",
      "POST /rooms/talk/x, 405, method-not-allowed",
      "POST /rooms, 405, method-not-allowed",
      "POST /namespaces, 405, method-not-allowed",
      "PUT /rooms/talk/x/evict, 405, method-not-allowed",
      "DELETE /rooms/talk/x, 405, method-not-allowed",
      "OPTIONS /rooms, 405, method-not-allowed"
    })
    void is_refused_in_the_same_words_as_everywhere(String line, int status, String error)
        throws Exception {
      AdminClient.Reply reply = admin.ask(line);

      assertThat(reply.status()).isEqualTo(status);
      assertThat(reply.text("error")).isEqualTo(error);
      assertThat(reply.text("message")).isNotEmpty();
      assertThat(reply.text("outcome")).isEqualTo("NOT_APPLIED");
    }

    @Test
    void a_cursor_of_another_namespace_is_refused() throws Exception {
      stored("talk", "cursor-1");
      stored("talk", "cursor-2");
      String next = admin.get("/rooms?namespace=talk&limit=1").text("next");

      assertThat(admin.get("/rooms?namespace=talk&after=" + next).status()).isEqualTo(200);
      assertThat(admin.get("/rooms?namespace=naps&after=" + next).status()).isEqualTo(400);
    }

    @Test
    void an_id_of_another_namespace_is_refused() throws Exception {
      String id = stored("talk", "whose").hex();

      assertThat(admin.get("/rooms/naps?id=" + id).text("error")).isEqualTo("bad-name");
    }
  }

  @Nested
  class Strangers {
    @ParameterizedTest
    @ValueSource(strings = {"evil.example", "localhost.evil.example", "rooms.example"})
    void that_come_by_another_name_are_421(String host) throws Exception {
      for (String line : List.of("GET /namespaces", "POST /rooms/talk/x/evict")) {
        AdminClient.Reply reply = admin.ask(line, "Host: " + host);
        assertThat(reply.status()).isEqualTo(421);
        assertThat(reply.text("error")).isEqualTo("unknown-host");
        assertThat(reply.text("message")).doesNotContain("setting");
      }
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://evil.example", "null", "http://localhost:1"})
    void whose_pages_would_change_something_are_403(String origin) throws Exception {
      stored("talk", "not-yours");
      for (String wish : List.of("evict", "wake")) {
        AdminClient.Reply reply =
            admin.ask("POST /rooms/talk/not-yours/" + wish, "Origin: " + origin);
        assertThat(reply.status()).isEqualTo(403);
        assertThat(reply.text("error")).isEqualTo("forbidden-origin");
      }
      assertThat(admin.get("/rooms/talk/not-yours").text("state")).isEqualTo("awake");
    }

    @Test
    void whose_pages_read_get_an_answer_that_their_browser_keeps_from_them() throws Exception {
      try (RawWebSocket client = RawWebSocket.dial(server.adminPort())) {
        client.bytes(
            ("GET /namespaces HTTP/1.1\r\nHost: localhost\r\nOrigin: http://evil.example\r\n"
                    + AdminClient.authorization(server)
                    + "\r\n\r\n")
                .getBytes(UTF_8));
        RawWebSocket.Head head = client.head();
        assertThat(head.status()).isEqualTo(200);
        assertThat(head.header("access-control-allow-origin")).isEmpty();
      }
    }

    @Test
    void that_the_rooms_let_in_are_strangers_here(@TempDir Path other) throws Exception {
      try (RoomServer open =
          RoomServer.builder()
              .namespace(TalkRoom.namespace())
              .data(other)
              .port(0)
              .set(Setting.ADMIN, "0")
              .set(Setting.ORIGIN, "*")
              .set(Setting.HOSTS, "*")
              .start()) {
        AdminClient client = new AdminClient(open);
        assertThat(client.ask("GET /namespaces", "Host: evil.example").status()).isEqualTo(421);
        assertThat(client.ask("POST /rooms/talk/x/evict", "Origin: http://evil.example").status())
            .isEqualTo(403);
        int port = open.adminPort();
        assertThat(
                client
                    .ask(
                        "POST /rooms/talk/x/evict",
                        "Host: localhost:" + port,
                        "Origin: http://localhost:" + port)
                    .status())
            .as("its own pages; there is no such room")
            .isEqualTo(404);
      }
    }

    @Test
    void from_other_machines_do_not_reach_it_though_they_reach_the_rooms() throws Exception {
      List<InetAddress> outward =
          NetworkInterface.networkInterfaces()
              .flatMap(NetworkInterface::inetAddresses)
              .filter(it -> it instanceof Inet4Address && !it.isLoopbackAddress())
              .toList();
      Assumptions.assumeFalse(outward.isEmpty(), "this machine has no address but loopback");
      for (InetAddress address : outward) {
        try (Socket socket = new Socket()) {
          socket.connect(new InetSocketAddress(address, server.port()), 5_000);
        }
        try (Socket socket = new Socket()) {
          assertThatExceptionOfType(IOException.class)
              .isThrownBy(
                  () -> socket.connect(new InetSocketAddress(address, server.adminPort()), 5_000));
        }
      }
    }
  }

  @Test
  void it_is_off_unless_it_is_asked_for(@TempDir Path other) throws Exception {
    try (RoomServer plain =
        RoomServer.builder().namespace(TalkRoom.namespace()).data(other).port(0).start()) {
      assertThat(plain.adminPort()).isEqualTo(-1);
      assertThat(plain.benchPort()).isEqualTo(-1);
    }
  }

  @Test
  void a_port_that_is_taken_is_named_with_its_setting(@TempDir Path other) {
    RoomServerBuilder second =
        RoomServer.builder()
            .namespace(TalkRoom.namespace())
            .data(other)
            .port(0)
            .set(Setting.ADMIN, Integer.toString(server.adminPort()));

    assertThatExceptionOfType(StartException.class)
        .isThrownBy(second::start)
        .withMessageContaining("--admin");
  }
}
