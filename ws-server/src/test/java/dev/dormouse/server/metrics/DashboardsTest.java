package dev.dormouse.server.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The dashboards that are committed are those that are described here, and Grafana can take them.
class DashboardsTest {
  private static final int COLUMNS = 24;

  private static List<Board> boards() {
    return Dashboards.all();
  }

  private static JsonNode committed(Board board) throws IOException {
    return new ObjectMapper().readTree(Files.readString(Dashboards.file(board)));
  }

  private static List<JsonNode> panels(Board board) throws IOException {
    List<JsonNode> panels = new ArrayList<>();
    committed(board).get("panels").forEach(panels::add);
    assertThat(panels).hasSizeGreaterThan(10);
    return panels;
  }

  private static boolean isRow(JsonNode panel) {
    return panel.get("type").asText().equals("row");
  }

  @ParameterizedTest
  @MethodSource("boards")
  void what_is_committed_is_what_is_described(Board board) throws IOException {
    assertThat(Files.readString(Dashboards.file(board)))
        .as("run the main method of Dashboards to write it anew")
        .isEqualTo(Dashboards.text(board));
  }

  @Test
  void each_has_an_address_of_its_own_and_links_to_the_others() throws IOException {
    Set<String> addresses = new HashSet<>();
    for (Board board : boards()) {
      JsonNode json = committed(board);
      assertThat(addresses.add(json.get("uid").asText())).isTrue();
      assertThat(json.get("uid").asText()).matches("[a-z-]{1,40}");
      assertThat(json.get("title").asText()).isNotBlank();
      assertThat(json.get("schemaVersion").asInt()).isPositive();
      assertThat(json.at("/links/0/tags/0").asText()).isEqualTo(json.at("/tags/0").asText());
      assertThat(json.has("id")).as("an id belongs to one Grafana").isFalse();
    }
  }

  @ParameterizedTest
  @MethodSource("boards")
  void every_panel_says_what_it_shows_asks_something_and_has_a_unit(Board board)
      throws IOException {
    Set<Integer> ids = new HashSet<>();
    for (JsonNode panel : panels(board)) {
      String title = panel.get("title").asText();
      assertThat(ids.add(panel.get("id").asInt())).as(title).isTrue();
      assertThat(title).isNotBlank();
      if (isRow(panel)) {
        continue;
      }
      assertThat(panel.get("type").asText()).as(title).isIn("timeseries", "stat", "heatmap");
      assertThat(panel.get("description").asText()).as(title).hasSizeGreaterThan(10);
      assertThat(panel.at("/fieldConfig/defaults/unit").asText()).as(title).isNotBlank();
      assertThat(panel.at("/fieldConfig/defaults/thresholds/steps/0/value").isNull()).isTrue();
      assertThat(panel.get("targets")).as(title).isNotEmpty();
      Set<String> letters = new HashSet<>();
      for (JsonNode target : panel.get("targets")) {
        assertThat(letters.add(target.get("refId").asText())).as(title).isTrue();
        assertThat(target.get("expr").asText()).as(title).contains("instance=~\"$instance\"");
        assertThat(target.get("expr").asText()).as(title).doesNotContain("$I");
      }
    }
  }

  @ParameterizedTest
  @MethodSource("boards")
  void every_data_source_is_the_chosen_one(Board board) throws IOException {
    JsonNode json = committed(board);
    List<JsonNode> sources = json.findValues("datasource");

    assertThat(sources).hasSizeGreaterThan(20);
    assertThat(sources)
        .allSatisfy(source -> {
          assertThat(source.get("type").asText()).isEqualTo("prometheus");
          assertThat(source.get("uid").asText()).isEqualTo("${datasource}");
        });
    assertThat(json.at("/templating/list/0/name").asText()).isEqualTo("datasource");
    assertThat(json.at("/templating/list/0/query").asText()).isEqualTo("prometheus");
    assertThat(json.at("/templating/list/1/name").asText()).isEqualTo("instance");
  }

  @ParameterizedTest
  @MethodSource("boards")
  void no_panel_covers_another(Board board) throws IOException {
    Set<List<Integer>> taken = new HashSet<>();
    for (JsonNode panel : panels(board)) {
      JsonNode place = panel.get("gridPos");
      int right = place.get("x").asInt() + place.get("w").asInt();
      assertThat(right).isLessThanOrEqualTo(COLUMNS);
      for (int x = place.get("x").asInt(); x < right; x++) {
        for (int y = 0; y < place.get("h").asInt(); y++) {
          assertThat(taken.add(List.of(x, place.get("y").asInt() + y)))
              .as(panel.get("title").asText())
              .isTrue();
        }
      }
    }
  }
}
