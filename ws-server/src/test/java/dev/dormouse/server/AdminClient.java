package dev.dormouse.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;

/// Asks the inspector of a server.
record AdminClient(RoomServer server) {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int PATIENCE = 1_000;

  /// An answer, whose body must be JSON.
  record Reply(int status, JsonNode json) {
    String text(String field) {
      return json.path(field).asText();
    }

    /// The conditions that keep a room awake.
    List<String> conditions() {
      return json.path("keptAwake").findValuesAsText("condition");
    }
  }

  Reply get(String path) throws IOException {
    return ask("GET " + path);
  }

  Reply post(String path) throws IOException {
    return ask("POST " + path);
  }

  /// Sends a request.
  ///
  /// @param line method and path
  /// @param headers further lines; `Host` is there unless one of them is
  Reply ask(String line, String... headers) throws IOException {
    try (RawWebSocket client = RawWebSocket.dial(server.adminPort())) {
      return send(client, line, "", with(headers));
    }
  }

  /// Those and the one that shows the token.
  private String[] with(String... headers) throws IOException {
    String[] all = Arrays.copyOf(headers, headers.length + 1);
    all[headers.length] = authorization(server);
    return all;
  }

  /// The header that lets one in.
  static String authorization(RoomServer server) throws IOException {
    return "Authorization: Bearer " + Files.readString(server.adminToken()).strip();
  }

  /// Sends an order.
  Reply order(String path, String body) throws IOException {
    try (RawWebSocket client = RawWebSocket.dial(server.adminPort())) {
      return send(client, "POST " + path, body, with("Content-Type: application/json"));
    }
  }

  /// Sends a request on a connection that stays open.
  static Reply ask(RawWebSocket client, String line, String... headers) throws IOException {
    return send(client, line, "", headers);
  }

  private static Reply send(RawWebSocket client, String line, String content, String... headers)
      throws IOException {
    StringBuilder request = new StringBuilder(line + " HTTP/1.1\r\n");
    boolean host = false;
    for (String header : headers) {
      request.append(header).append("\r\n");
      host |= header.toLowerCase(Locale.ROOT).startsWith("host:");
    }
    request.append(host ? "" : "Host: localhost\r\n");
    request.append("Content-Length: ").append(content.getBytes(UTF_8).length).append("\r\n\r\n");
    request.append(content);
    client.bytes(request.toString().getBytes(UTF_8));
    RawWebSocket.Head head = client.head();
    String body = client.body(head);
    if (head.header("content-type").filter("application/json"::equals).isEmpty()) {
      throw new IOException(line + " was answered with no JSON: " + head + " " + body);
    }
    return new Reply(head.status(), JSON.readTree(body));
  }

  /// Asks again and again until the answer is as wanted.
  Reply until(String path, Predicate<Reply> wanted) throws IOException, InterruptedException {
    Reply reply = get(path);
    for (int i = 0; !wanted.test(reply); i++) {
      if (i == PATIENCE) {
        throw new AssertionError(path + " is still answered with " + reply);
      }
      Thread.sleep(20);
      reply = get(path);
    }
    return reply;
  }

  /// All pages of a list, one after the other.
  List<JsonNode> all(String path) throws IOException {
    List<JsonNode> rooms = new ArrayList<>();
    Reply page = get(path);
    for (int pages = 1; ; pages++) {
      if (page.status() != 200) {
        throw new IOException(path + " was answered with " + page);
      }
      page.json().path("rooms").forEach(rooms::add);
      if (!page.json().has("next")) {
        return rooms;
      }
      if (pages == 1_000) {
        throw new AssertionError(path + " does not end");
      }
      page = get(path + "&after=" + page.text("next"));
    }
  }
}
