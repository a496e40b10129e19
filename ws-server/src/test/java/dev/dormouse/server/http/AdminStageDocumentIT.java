package dev.dormouse.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// `docs/admin.md` shows what is answered about sagas and queues: each request there that is marked
/// as `http` is sent, in order, to the stage.
@Timeout(60)
class AdminStageDocumentIT {
  private static final Path PAGE = Path.of("..", "docs", "admin.md");
  private static final Pattern EXAMPLE =
      Pattern.compile(
          "```http\\n(?<method>GET|POST) (?<path>\\S+)(?:\\n\\n(?<order>[^`]+))?\\n```"
              + "(?:\\n\\n→ (?<status>\\d+))?\\n\\n```json\\n(?<body>(?s:.*?))\\n```");

  @Test
  void every_example_is_what_is_answered() throws Exception {
    List<String> shown = new ArrayList<>();
    List<String> answered = new ArrayList<>();
    try (AdminStage stage = AdminStage.start();
        HttpClient client = HttpClient.newHttpClient()) {
      Matcher example = EXAMPLE.matcher(Files.readString(PAGE));
      while (example.find()) {
        String path = example.group("path");
        String order = example.group("order");
        HttpRequest.Builder request =
            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + stage.port() + path));
        if (order != null) {
          request
              .header("content-type", "application/json")
              .POST(HttpRequest.BodyPublishers.ofString(order));
        }
        HttpResponse<String> response =
            client.send(request.build(), HttpResponse.BodyHandlers.ofString());
        String status = example.group("status");
        shown.add(path + " " + (status == null ? "200" : status));
        shown.add(normal(Problem.JSON.readTree(example.group("body"))));
        answered.add(path + " " + response.statusCode());
        answered.add(normal(Problem.JSON.readTree(response.body())));
      }
    }
    assertThat(shown).hasSizeGreaterThanOrEqualTo(16);
    assertThat(String.join("\n", answered)).isEqualTo(String.join("\n", shown));
  }

  /// Without what differs from run to run.
  private static String normal(JsonNode json) throws IOException {
    return json.toPrettyString()
        .replaceAll("\\d{4}-\\d\\d-\\d\\dT[\\d:.]+Z", "TIME")
        .replaceAll("\"(scanned|millis)\" : \\d+", "\"$1\" : MANY");
  }
}
