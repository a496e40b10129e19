package dev.dormouse.server.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// Each alert says what is wrong, how bad it is, and what to do.
class AlertsTest {
  private static final Pattern FIELD = Pattern.compile(" +(?:- )?([a-z]+): (.+)");
  private static final Path RULES = Path.of("..", "grafana", "prometheus", "alerts.yml");

  /// The fields of each alert: the file is flat enough to be read by lines.
  private static List<Map<String, String>> alerts() throws IOException {
    List<Map<String, String>> alerts = new ArrayList<>();
    for (String line : Files.readAllLines(RULES)) {
      Matcher field = FIELD.matcher(line);
      if (!field.matches()) {
        continue;
      }
      if (field.group(1).equals("alert")) {
        alerts.add(new HashMap<>());
      }
      if (!alerts.isEmpty()) {
        alerts.getLast().put(field.group(1), field.group(2));
      }
    }
    assertThat(alerts).hasSizeGreaterThan(10);
    return alerts;
  }

  private static String page() throws IOException {
    return Files.readString(Path.of("..", "docs", "operations.md"));
  }

  @Test
  void each_has_its_words_and_one_comparison() throws IOException {
    for (Map<String, String> alert : alerts()) {
      assertThat(alert).containsKeys("alert", "expr", "severity", "summary", "description");
      assertThat(alert.get("expr")).matches(".+ (==|>|<) [0-9.]+");
      assertThat(alert.get("severity")).isIn("critical", "warning");
      assertThat(alert.get("summary")).contains("{{ $labels.instance }}");
    }
  }

  @Test
  void each_names_its_runbook_which_is_there() throws IOException {
    String page = page();
    for (Map<String, String> alert : alerts()) {
      String name = alert.getOrDefault("alert", "");
      assertThat(alert.get("runbook"))
          .isEqualTo("docs/operations.md#" + name.toLowerCase(Locale.ROOT));
      int start = page.indexOf("\n### " + name + "\n");
      assertThat(start).as(name).isPositive();
      String runbook = (page.substring(start + 4) + "\n### ").split("\n### ", 2)[0];
      assertThat(runbook)
          .as(name)
          .contains("**Means**")
          .contains("**Look**")
          .containsIgnoringCase("**do**");
    }
  }

  @Test
  void no_runbook_is_left_over() throws IOException {
    List<String> names = alerts().stream().map(alert -> alert.getOrDefault("alert", "")).toList();
    List<String> runbooks =
        page()
            .lines()
            .filter(line -> line.startsWith("### "))
            .map(line -> line.substring(4))
            .toList();

    assertThat(runbooks).containsExactlyElementsOf(names);
  }

  @Test
  void the_test_of_the_rules_knows_each() throws IOException {
    String tests = Files.readString(RULES.resolveSibling("alerts.test.yml"));

    for (Map<String, String> alert : alerts()) {
      assertThat(tests).contains("alertname=\"" + alert.get("alert") + "\"");
    }
  }
}
