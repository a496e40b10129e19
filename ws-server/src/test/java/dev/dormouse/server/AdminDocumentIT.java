package dev.dormouse.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.dormouse.room.HttpCall;
import dev.dormouse.room.RoomId;
import dev.dormouse.room.spi.KeptAwake.Condition;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// `docs/admin.md` shows what the inspector answers: each request on it is sent, in order, to a
/// server with the rooms of the page.
@Timeout(60)
class AdminDocumentIT {
  private static final Path PAGE = Path.of("..", "docs", "admin.md");
  private static final Pattern EXAMPLE =
      Pattern.compile(
          "```\\n(?<line>(?:GET|POST) \\S+)(?: → (?<status>\\d+))?\\n```\\n\\n"
              + "```json\\n(?<body>(?s:.*?))\\n```");
  private static final ObjectMapper JSON = new ObjectMapper();

  @Test
  void every_example_is_what_the_server_answers(@TempDir Path folder) throws Exception {
    try (RoomServer server =
        RoomServer.builder()
            .namespace(WithAdmin.namespace("jobs", Duration.ofHours(1)))
            .data(folder)
            .port(0)
            .set(Setting.ADMIN, "0")
            .set(Setting.CLOSING, "1")
            .start()) {
      AdminClient admin = new AdminClient(server);
      RoomId unnamed = server.rooms().newUniqueId("jobs");
      request(server, unnamed, "value");
      request(server, server.rooms().idFromName("jobs", "report-2026"), "value");
      request(server, server.rooms().idFromName("jobs", "nightly"), "timer");
      admin.post("/rooms/jobs/evict?id=" + unnamed.hex());
      Thread caller =
          Thread.ofVirtual()
              .start(
                  () -> request(server, server.rooms().idFromName("jobs", "nightly"), "outside"));
      try (RawWebSocket client = RawWebSocket.open(server.port(), "/jobs/report-2026")) {
        client.readText();
        admin.post("/rooms/jobs/report-2026/evict");
        admin.until("/rooms/jobs/nightly", it -> it.conditions().contains("SUSPENDED"));

        compare(admin, unnamed.hex());
      } finally {
        TalkRoom.GATES.computeIfAbsent("nightly", _ -> new CountDownLatch(1)).countDown();
        caller.join();
      }
    }
  }

  private static void request(RoomServer server, RoomId room, String path) {
    server
        .rooms()
        .request(room, new HttpCall("PUT", path, Map.of(), Map.of(), "x".getBytes(UTF_8)));
  }

  private static void compare(AdminClient admin, String unnamed) throws IOException {
    Matcher example = EXAMPLE.matcher(Files.readString(PAGE));
    List<String> shown = new ArrayList<>();
    List<String> answered = new ArrayList<>();
    while (example.find()) {
      String line = example.group("line");
      String status = example.group("status");
      shown.add(line + " " + (status == null ? "200" : status));
      shown.add(normal(JSON.readTree(example.group("body"))));
      AdminClient.Reply reply = admin.ask(line.replaceAll("id=[0-9a-f]{64}", "id=" + unnamed));
      answered.add(line + " " + reply.status());
      answered.add(normal(reply.json()));
    }

    assertThat(shown).hasSizeGreaterThanOrEqualTo(18);
    assertThat(String.join("\n", answered)).isEqualTo(String.join("\n", shown));
  }

  /// Without what differs from run to run, and rooms in the order of their names.
  private static String normal(JsonNode json) throws IOException {
    return JSON.writerWithDefaultPrettyPrinter()
        .writeValueAsString(json)
        .transform(AdminDocumentIT::blank)
        .transform(AdminDocumentIT::sorted);
  }

  private static String blank(String text) {
    return text.replaceAll("\\b[0-9a-f]{64}\\b", "ID")
        .replaceAll("\\b[0-9a-f]{16}\\b", "ID")
        .replaceAll("\\d{4}-\\d\\d-\\d\\dT[\\d:.]+Z", "TIME")
        .replaceAll("\"next\" : \"[^\"]+\"", "\"next\" : \"CURSOR\"")
        .replaceAll("[\\d,]+ ms", "MANY ms")
        .replaceAll("(\"RECENTLY_USED\",\\s+\"amount\" : )\\d+", "$10");
  }

  private static String sorted(String text) {
    try {
      JsonNode json = JSON.readTree(text);
      if (json instanceof ObjectNode object && object.get("rooms") instanceof ArrayNode rooms) {
        List<JsonNode> all = new ArrayList<>();
        rooms.forEach(all::add);
        all.sort(Comparator.comparing(JsonNode::toString));
        object.putArray("rooms").addAll(all);
      }
      return json.toPrettyString();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void every_condition_is_on_the_page() throws IOException {
    String page = Files.readString(PAGE);
    for (Condition condition : Condition.values()) {
      assertThat(page).contains("| `" + condition + "`");
    }
  }
}
