package dev.dormouse.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The inspector's port does nothing for who does not know its token.
@Timeout(60)
class AdminGateIT extends WithAdmin {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String WRONG = "Authorization: Bearer not-the-token-of-this-server-at-all";

  private record Reply(RawWebSocket.Head head, String body) {
    int status() {
      return head.status();
    }
  }

  private static Reply ask(String line, String body, String... headers) throws IOException {
    return ask(server.adminPort(), line, body, headers);
  }

  private static Reply ask(int port, String line, String body, String... headers)
      throws IOException {
    try (RawWebSocket client = RawWebSocket.dial(port)) {
      StringBuilder request = new StringBuilder(line + " HTTP/1.1\r\nHost: localhost\r\n");
      for (String header : headers) {
        request.append(header).append("\r\n");
      }
      request.append("Content-Type: application/json\r\nContent-Length: ");
      request.append(body.length()).append("\r\n\r\n").append(body);
      client.bytes(request.toString().getBytes(UTF_8));
      RawWebSocket.Head head = client.head();
      return new Reply(head, client.body(head));
    }
  }

  private static String token() throws IOException {
    return Files.readString(server.adminToken()).strip();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET /overview",
        "GET /namespaces",
        "GET /rooms",
        "GET /rooms/talk/x",
        "POST /rooms/talk/x/evict",
        "GET /sagas",
        "GET /queues",
        "GET /nothing",
        "DELETE /session",
        "OPTIONS /rooms",
        "POST /"
      })
  void nothing_is_told_or_done_without_it(String line) throws Exception {
    Reply reply = ask(line, "");
    assertThat(reply.status()).isEqualTo(401);
    assertThat(reply.body()).contains("\"error\":\"unauthorized\"");
    assertThat(reply.head().header("www-authenticate")).isPresent();
  }

  @Test
  void the_page_itself_is_there_for_anybody() throws Exception {
    for (String path : List.of("/", "/index.html", "/login.js", "/admin.css")) {
      assertThat(ask("GET " + path, "").status()).as(path).isEqualTo(200);
    }
  }

  @Test
  void it_lies_in_the_data_folder_for_its_owner_only() throws Exception {
    Path file = folder.resolve("data").resolve("admin-token");
    assertThat(server.adminToken()).isEqualTo(file);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
  }

  @Test
  void a_token_that_cannot_be_used_stops_the_start(@TempDir Path other) throws Exception {
    Path weak = Files.writeString(other.resolve("weak"), "hunter2");
    assertThatExceptionOfType(StartException.class)
        .isThrownBy(() ->
            RoomServer.builder()
                .namespace(TalkRoom.namespace())
                .data(other.resolve("data"))
                .port(0)
                .set(Setting.ADMIN, "0")
                .set(Setting.ADMIN_TOKEN, weak.toString())
                .start())
        .withMessageContaining("7 characters");
  }

  @Nested
  class A_session_of_the_page {
    private static String cookie(Reply signedIn) {
      return "Cookie: " + signedIn.head().header("set-cookie").orElseThrow().split(";", 2)[0];
    }

    private static String secret(Reply signedIn) throws IOException {
      return "X-Dormouse-Session: " + JSON.readTree(signedIn.body()).path("secret").asText();
    }

    private static Reply signIn(String... headers) throws IOException {
      return ask("POST /session", "{\"token\":\"" + token() + "\"}", headers);
    }

    @Test
    void begins_with_the_token() throws Exception {
      Reply signedIn = signIn();
      assertThat(signedIn.status()).isEqualTo(200);
      assertThat(signedIn.head().header("set-cookie").orElseThrow())
          .contains("HttpOnly")
          .contains("SameSite=Strict")
          .doesNotContain(token());
      assertThat(ask("GET /rooms", "", cookie(signedIn), secret(signedIn)).status()).isEqualTo(200);
      Reply wake = ask("POST /rooms/talk/none/wake", "", cookie(signedIn), secret(signedIn));
      assertThat(wake.status()).as("let in; there is no such room").isEqualTo(404);
    }

    @Test
    void is_nothing_with_one_of_its_halves_as_a_forged_request_has_it() throws Exception {
      Reply mine = signIn();
      Reply other = signIn();
      stored("talk", "forged");
      for (String[] half :
          new String[][] {
            {cookie(mine)},
            {secret(mine)},
            {cookie(mine), secret(other)},
            {cookie(mine), "X-Dormouse-Session: "}
          }) {
        assertThat(ask("POST /rooms/talk/forged/evict", "", half).status()).isEqualTo(401);
        assertThat(ask("GET /rooms", "", half).status()).isEqualTo(401);
      }
    }

    @Test
    void cannot_be_begun_by_another_page() throws Exception {
      assertThat(signIn("Origin: http://evil.example").status()).isEqualTo(403);
      assertThat(signIn("Origin: http://localhost:1").status()).isEqualTo(403);
    }

    @Test
    void ends() throws Exception {
      Reply mine = signIn();
      assertThat(ask("DELETE /session", "", cookie(mine), secret(mine)).status()).isEqualTo(200);
      assertThat(ask("GET /rooms", "", cookie(mine), secret(mine)).status()).isEqualTo(401);
    }
  }

  /// A server at which nobody has guessed yet.
  private static RoomServer fresh(Path data) {
    return RoomServer.builder()
        .namespace(TalkRoom.namespace())
        .data(data)
        .port(0)
        .set(Setting.ADMIN, "0")
        .start();
  }

  @Test
  void who_guesses_waits_longer_each_time_and_whoever_knows_it_does_not(@TempDir Path data)
      throws Exception {
    try (RoomServer other = fresh(data)) {
      int port = other.adminPort();
      long before = System.nanoTime();
      for (int i = 0; i < 3; i++) {
        assertThat(ask(port, "GET /rooms", "", WRONG).status()).isEqualTo(401);
      }
      String body = "{\"token\":\"wrong too, and long enough to be one\"}";
      assertThat(ask(port, "POST /session", body).status()).isEqualTo(401);
      assertThat(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - before))
          .as("100 + 200 + 400 + 800 ms")
          .isGreaterThanOrEqualTo(1_500);
      assertThat(new AdminClient(other).get("/rooms").status()).isEqualTo(200);
    }
  }

  @Test
  void many_who_guess_at_once_are_not_looked_at(@TempDir Path data) throws Exception {
    try (RoomServer other = fresh(data)) {
      int port = other.adminPort();
      List<Callable<Integer>> many = new ArrayList<>();
      for (int i = 0; i < 30; i++) {
        many.add(() -> ask(port, "GET /rooms", "", WRONG).status());
      }
      List<Integer> statuses = new ArrayList<>();
      try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
        for (Future<Integer> each : threads.invokeAll(many)) {
          statuses.add(each.get());
        }
      }
      assertThat(statuses).containsOnly(401, 429).contains(401, 429);
      assertThat(new AdminClient(other).get("/rooms").status()).isEqualTo(200);
    }
  }
}
