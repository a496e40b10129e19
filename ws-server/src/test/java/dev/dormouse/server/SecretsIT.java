package dev.dormouse.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.dormouse.server.access.Mint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// No token is ever written down: not in logs of the finest level, not in answers, not in metrics.
@Timeout(120)
class SecretsIT {
  private static final Mint SECRET = Mint.secret(Mint.SECRET);

  private static final Pattern INSPECTOR =
      Pattern.compile("the inspector is at http://127\\.0\\.0\\.1:(\\d+)");

  /// What a session's cookie and its secret look like.
  private static final Pattern SESSION = Pattern.compile("[A-Za-z0-9_-]{20,}");

  @TempDir Path folder;

  private final List<String> answers = new ArrayList<>();

  private void send(int port, String request) throws IOException {
    try (RawWebSocket client = RawWebSocket.dial(port)) {
      client.bytes(request.getBytes(UTF_8));
      client.half();
      answers.add(client.rest());
    } catch (IOException e) {
      answers.add("broke off: " + e);
    }
  }

  /// Signs in to the inspector's port and asks it, with the right token and with one beside it, in
  /// every place in which somebody may put one.
  ///
  /// @return the secrets of the session that it got
  private List<String> tryAdmin(int port, String admin) throws IOException {
    String host = "Host: localhost:" + port + "\r\n";
    for (String token : List.of(admin, admin + "-not-quite")) {
      String bearer = "Authorization: Bearer " + token + "\r\n";
      String cookie = "Cookie: dormouse=" + token + "; session=" + token + "\r\n";
      for (String path : List.of("/overview", "/rooms/chat/a", "/nowhere", "/")) {
        send(port, "GET " + path + " HTTP/1.1\r\n" + host + bearer + "\r\n");
        send(port, "GET " + path + "?token=" + token + " HTTP/1.1\r\n" + host + "\r\n");
        send(port, "GET " + path + " HTTP/1.1\r\n" + host + cookie + "\r\n");
        send(port, "GET " + path + " HTTP/9.9\r\n" + host + bearer + "\r\n");
        send(port, "GET " + path + " HTTP/1.1\r\nBad Header " + token + "\r\n\r\n");
      }
      String body = "{\"token\":\"" + token + "\"}";
      String length = "Content-Length: " + body.length() + "\r\n\r\n";
      String type = "Content-Type: application/json\r\n";
      send(port, "POST /session HTTP/1.1\r\n" + host + type + length + body);
      send(port, "POST /session HTTP/1.1\r\n" + host + bearer + "\r\n");
    }
    assertThat(answers)
        .as("the right one opens")
        .anyMatch(it -> it.startsWith("HTTP/1.1 200") && it.contains("\"sagas\""));
    try (RawWebSocket client = RawWebSocket.dial(port)) {
      String body = "{\"token\":\"" + admin + "\"}";
      client.bytes(
          ("POST /session HTTP/1.1\r\n"
                  + host
                  + "Content-Type: application/json\r\nConnection: close\r\nContent-Length: "
                  + body.length()
                  + "\r\n\r\n"
                  + body)
              .getBytes(UTF_8));
      String said = client.rest();
      List<String> secrets = new ArrayList<>();
      Matcher secret = SESSION.matcher(said);
      while (secret.find()) {
        secrets.add(secret.group());
      }
      assertThat(secrets).as(said).hasSizeGreaterThanOrEqualTo(2);
      for (String each : secrets) {
        send(
            port, "GET /overview HTTP/1.1\r\n" + host + "X-Dormouse-Session: " + each + "\r\n\r\n");
      }
      return secrets;
    }
  }

  @Test
  void are_nowhere_in_what_the_server_says() throws Exception {
    Path secret = Files.writeString(folder.resolve("secret"), Mint.SECRET);
    Instant now = Instant.now();
    String good = SECRET.token("ann", now.plusSeconds(600), "admin:**");
    String admin = "0123456789-admin-token-of-a-test-9876543210";
    Path adminToken = Files.writeString(folder.resolve("admin"), admin);
    List<String> tokens =
        List.of(
            good,
            SECRET.token("ann", now.minusSeconds(600), "admin:**"),
            Mint.secret("another secret of thirty-two bytes").token("x", now.plusSeconds(9)),
            Mint.curve("curve").token("ann", now.plusSeconds(9)),
            good.substring(0, good.length() - 4) + "AAAA",
            "eyJhbGciOiJub25lIn0.eyJzdWIiOiJhbm4tdGhlLXNlY3JldCJ9.",
            "neither-a-jwt-nor-anything-else");
    String log;
    String scrape;
    List<String> session;
    try (ServerProcess process =
        ServerProcess.start(
            folder,
            "serve",
            "--port=0",
            "--admin=0",
            "--log=text",
            "--log-level=trace",
            "--data=" + folder.resolve("data"),
            "--access-secret=" + secret,
            "--admin-token=" + adminToken)) {
      int port = process.port();
      String host = "Host: localhost:" + port + "\r\n";
      String upgrade =
          host
              + "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
              + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";
      for (String token : tokens) {
        String bearer = "Authorization: Bearer " + token + "\r\n";
        String protocol = "Sec-WebSocket-Protocol: dormouse, dormouse.token." + token + "\r\n";
        for (String path : List.of("/collab/a", "/chat/a", "/nowhere/a", "/chat/%ff", "/")) {
          send(port, "GET " + path + " HTTP/1.1\r\n" + upgrade + bearer + "\r\n");
          send(port, "GET " + path + "?token=" + token + " HTTP/1.1\r\n" + upgrade + "\r\n");
          send(port, "GET " + path + " HTTP/1.1\r\n" + upgrade + protocol + "\r\n");
          send(
              port,
              "GET " + path + "?token=" + token + " HTTP/1.0\r\n" + upgrade + bearer + "\r\n");
        }
        for (String line :
            List.of(
                "GET /rooms/chat/a",
                "POST /rooms/chat/a/-/messages",
                "POST /queues/x",
                "GET /metrics",
                "GET /status/chat/a",
                "GET rooms/chat/a",
                "G@T /rooms/chat/a")) {
          send(port, line + "?token=" + token + " HTTP/1.1\r\n" + host + "\r\n");
          send(port, line + "?token=%zz" + token + " HTTP/1.1\r\n" + host + bearer + "\r\n");
          send(port, line + " HTTP/1.1\r\n" + host + bearer + bearer + "\r\n");
          // What no server can read.
          send(port, line + "?token=" + token + " HTTP/9.9\r\n" + host + bearer + "\r\n");
          send(port, line + " HTTP/1.1\r\nBad Header " + token + "\r\n" + bearer + "\r\n");
        }
        try (RawWebSocket client =
            RawWebSocket.open(port, "/chat/a", "Authorization: Bearer " + good)) {
          client.text("{\"dormouse\":\"token\",\"token\":\"" + token + "\"}");
          client.text("{\"dormouse\":\"token\",\"token\":\"" + token + "\",");
          TimeUnit.MILLISECONDS.sleep(20);
        } catch (IOException e) {
          answers.add(e.toString());
        }
      }
      try (RawWebSocket client = RawWebSocket.dial(port)) {
        client.bytes(
            ("GET /metrics HTTP/1.1\r\nConnection: close\r\n"
                    + host
                    + "Authorization: Bearer "
                    + good
                    + "\r\n\r\n")
                .getBytes(UTF_8));
        scrape = client.rest();
      }
      Matcher inspector = INSPECTOR.matcher(process.errors());
      assertThat(inspector.find()).isTrue();
      session = tryAdmin(Integer.parseInt(inspector.group(1)), admin);
      process.signal("TERM");
      process.exit();
      log = process.errors();
    }
    assertThat(scrape).contains("dormouse_access_denied_total{reason=\"expired\"}");
    assertThat(log).as("it did say something").contains("DEBUG");
    String said = log + scrape + String.join("\n", answers);
    assertThat(answers).anyMatch(answer -> answer.contains("101"));
    assertThat(answers).anyMatch(answer -> answer.contains("bad-signature"));
    for (String token : tokens) {
      String[] parts = token.replaceAll("\\.$", "").split("\\.", -1);
      assertThat(said).doesNotContain(token);
      // The signature, or all there is: what is before says no secret, but has no business here.
      assertThat(said).doesNotContain(parts[parts.length - 1]);
    }
    assertThat(said).doesNotContain(Mint.SECRET).doesNotContain(admin);
    assertThat(said).doesNotContain("ann-the-secret");
    for (String each : session) {
      assertThat(log).doesNotContain(each);
    }
  }
}
