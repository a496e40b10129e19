package dev.dormouse.server.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.dormouse.rooms.bench.BenchNamespace;
import dev.dormouse.rooms.chat.ChatNamespace;
import dev.dormouse.rooms.collab.CollabNamespace;
import dev.dormouse.server.RoomServer;
import dev.dormouse.server.Setting;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What the dashboards and alerts ask is answered by a real Prometheus that reads a server at work.
class PrometheusIT {
  /// What has to have moved before anything is asked: each is a number above zero.
  private static final List<String> MOVED =
      List.of(
          "rate(dormouse_wake_seconds_count{by=\"message\"}[30s])",
          "rate(dormouse_wake_seconds_count{by=\"alarm\"}[30s])",
          "rate(dormouse_wake_seconds_count{by=\"call\"}[30s])",
          "rate(dormouse_wake_seconds_count{by=\"request\"}[30s])",
          "rate(dormouse_wake_seconds_count{by=\"upgrade\"}[30s])",
          "rate(dormouse_rooms_slept_total{namespace=\"nap\"}[30s])",
          "rate(dormouse_handlers_failed_total[30s])",
          "rate(dormouse_connections_slow_total[30s])",
          "rate(dormouse_alarm_lateness_seconds_count[30s])",
          "rate(dormouse_store_sync_seconds_count[30s])",
          "rate(dormouse_gate_wait_seconds_count[30s])",
          "rate(dormouse_scratch_write_seconds_count[30s])",
          "rate(dormouse_doorman_relayed_total[30s])",
          "rate(dormouse_answers_total{by=\"pong\"}[30s])",
          "max_over_time(dormouse_rooms_connected{state=\"asleep\"}[30s])",
          "max_over_time(dormouse_sockets_queued_bytes[30s])",
          "dormouse_porch_bytes",
          "rate(dormouse_sagas_ended_total{definition=\"chore\", outcome=\"completed\"}[30s])",
          "rate(dormouse_sagas_ended_total{definition=\"chore\", outcome=\"compensated\"}[30s])",
          "rate(dormouse_saga_retries_total{way=\"do\"}[30s])",
          "rate(dormouse_saga_undo_failures_total[30s])",
          "rate(dormouse_saga_letters_sent_total[30s])",
          "max_over_time(dormouse_sagas_open{definition=\"chore\"}[30s])",
          "rate(dormouse_queue_published_total{queue=\"chores.dead\"}[30s])",
          "rate(dormouse_queue_acknowledged_total[30s])",
          "rate(dormouse_queue_retried_total[30s])",
          "rate(dormouse_queue_dead_lettered_total[30s])",
          "rate(dormouse_queue_sync_seconds_count[30s])",
          "max_over_time(dormouse_queue_oldest_seconds[30s])",
          "dormouse_queue_log_bytes{queue=\"chores\"}",
          "count(rate(jvm_gc_pause_seconds_sum[30s]))");

  @TempDir static Path folder;

  private static RoomServer server;
  private static Crowd crowd;
  private static PrometheusProcess prometheus;

  @BeforeAll
  static void start() throws Exception {
    assumeTrue(
        PrometheusProcess.isInstalled("prometheus") && PrometheusProcess.isInstalled("promtool"),
        "prometheus and promtool are not installed");
    server =
        RoomServer.builder()
            .namespace(BenchNamespace.declaration())
            .namespace(ChatNamespace.declaration())
            .namespace(CollabNamespace.declaration())
            .namespace(NapRoom.namespace())
            .namespace(ChoreRoom.namespace())
            .sagas(List.of(ChoreRoom.SAGA))
            .queue(ChoreRoom.QUEUE)
            .data(folder.resolve("rooms"))
            .port(0)
            .set(Setting.OUTBOUND, "100000")
            .set(Setting.CLOSING, "1")
            .start();
    crowd = new Crowd(server);
    crowd.come();
    prometheus = PrometheusProcess.start(Files.createDirectory(folder.resolve("p")), server.port());
    awaitMoved();
  }

  private static void awaitMoved() throws Exception {
    List<String> still = new ArrayList<>(MOVED);
    for (long end = System.nanoTime() + Duration.ofSeconds(90).toNanos(); ; Thread.sleep(500)) {
      // Its metrics are there once there was one.
      System.gc();
      for (String expr : List.copyOf(still)) {
        if (prometheus.query(expr).stream().anyMatch(value -> value > 0)) {
          still.remove(expr);
        }
      }
      if (still.isEmpty()) {
        return;
      }
      if (System.nanoTime() - end > 0) {
        throw new AssertionError("nothing moves in " + still + "; " + crowd.failures());
      }
    }
  }

  @AfterAll
  static void stop() throws Exception {
    if (prometheus != null) {
      prometheus.close();
    }
    if (crowd != null) {
      crowd.close();
    }
    if (server != null) {
      server.close();
    }
  }

  /// An expression of a panel.
  record Asked(String where, String expr) {
    @Override
    public String toString() {
      return where;
    }
  }

  private static List<Asked> asked() throws IOException {
    List<Asked> asked = new ArrayList<>();
    for (Board board : Dashboards.all()) {
      JsonNode json = new ObjectMapper().readTree(Files.readString(Dashboards.file(board)));
      for (JsonNode panel : json.get("panels")) {
        String where = board.uid() + ": " + panel.get("title").asText();
        panel.path("targets").forEach(it -> asked.add(new Asked(where, it.get("expr").asText())));
      }
      json.at("/annotations/list")
          .forEach(it -> asked.add(new Asked(it.get("name").asText(), it.get("expr").asText())));
    }
    return asked;
  }

  @ParameterizedTest(name = "{index} {0}")
  @MethodSource("asked")
  void every_panel_has_something_to_show(Asked asked) throws Exception {
    String expr = asked.expr().replace("$__rate_interval", "30s").replace("$instance", ".+");

    assertThat(expr).doesNotContain("$");
    assertThat(prometheus.query(expr)).as(asked.expr()).isNotEmpty();
  }

  @Test
  void every_alert_has_something_to_compare_and_was_evaluated() throws Exception {
    List<JsonNode> rules = prometheus.rules();

    assertThat(rules).hasSizeGreaterThan(10);
    for (JsonNode rule : rules) {
      String name = rule.get("name").asText();
      String compared = rule.get("query").asText().replaceFirst(" (==|>|<) [0-9.]+$", "");
      assertThat(compared).as(name).isNotEqualTo(rule.get("query").asText());
      // A server without TLS has the series, which is no number.
      String asked = name.equals("DormouseCertificateEnds") ? "count(" + compared + ")" : compared;
      assertThat(prometheus.query(asked)).as(name + ": " + asked).isNotEmpty();
      assertThat(rule.get("health").asText()).as(name + rule.path("lastError")).isEqualTo("ok");
    }
  }

  @Test
  void the_crowd_does_what_it_came_for() {
    assertThat(crowd.failures()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "check config prometheus.yml",
        "check rules alerts.yml",
        "test rules alerts.test.yml"
      })
  void promtool_finds_nothing_wrong(String command) throws Exception {
    assertThat(PrometheusProcess.promtool(command.split(" ", -1))).startsWith("0 ");
  }
}
