package dev.dormouse.server.metrics;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// A real Prometheus on loopback, with the repository's configuration adapted to the server at
/// hand. It never outlives the test: a shell between the two ends it when the test's end of a pipe
/// is gone.
final class PrometheusProcess implements AutoCloseable {
  static final Path CONFIGURATION = Path.of("..", "grafana", "prometheus");

  private static final String UNTIL_PIPE_ENDS =
      "\"$@\" </dev/null & child=$!; cat >/dev/null; kill $child; wait $child";

  private static final ObjectMapper JSON = new ObjectMapper();

  private final HttpClient http = HttpClient.newHttpClient();
  private final Process shell;
  private final Path log;
  private final int port;

  private PrometheusProcess(Process shell, Path log, int port) {
    this.shell = shell;
    this.log = log;
    this.port = port;
  }

  /// Whether the machine has `program`.
  static boolean isInstalled(String program) {
    return Arrays.stream(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator, -1))
        .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
  }

  /// Starts one that reads the server at `target` every second, and returns when it is ready.
  static PrometheusProcess start(Path folder, int target) throws Exception {
    Path configuration = adapted(folder, target);
    Path log = folder.resolve("prometheus.log");
    int port;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    List<String> command =
        new ArrayList<>(List.of("sh", "-c", UNTIL_PIPE_ENDS, "sh", "prometheus"));
    command.add("--config.file=" + configuration);
    command.add("--storage.tsdb.path=" + folder.resolve("data"));
    command.add("--web.listen-address=127.0.0.1:" + port);
    Process shell =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    PrometheusProcess prometheus = new PrometheusProcess(shell, log, port);
    try {
      prometheus.awaitReady();
      return prometheus;
    } catch (Exception | Error e) {
      prometheus.close();
      throw e;
    }
  }

  /// The repository's configuration with another port, and in a hurry.
  private static Path adapted(Path folder, int target) throws IOException {
    Path rules = folder.resolve("alerts.yml");
    Files.copy(CONFIGURATION.resolve("alerts.yml"), rules);
    String text = Files.readString(CONFIGURATION.resolve("prometheus.yml"));
    for (List<String> change :
        List.of(
            List.of("127.0.0.1:8420", "127.0.0.1:" + target),
            List.of("scrape_interval: 5s", "scrape_interval: 1s"),
            List.of("evaluation_interval: 15s", "evaluation_interval: 1s"))) {
      if (!text.contains(change.getFirst())) {
        throw new IOException("prometheus.yml has no " + change.getFirst());
      }
      text = text.replace(change.getFirst(), change.getLast());
    }
    return Files.writeString(folder.resolve("prometheus.yml"), text);
  }

  private void awaitReady() throws Exception {
    for (long end = System.nanoTime() + Duration.ofSeconds(60).toNanos(); ; Thread.sleep(100)) {
      try {
        if (get("/-/ready").statusCode() == 200) {
          return;
        }
      } catch (IOException _) {
        // It does not listen yet.
      }
      if (System.nanoTime() - end > 0) {
        throw new IOException("Prometheus did not get ready in a minute: " + Files.readString(log));
      }
    }
  }

  private HttpResponse<String> get(String path) throws IOException, InterruptedException {
    URI uri = URI.create("http://127.0.0.1:" + port + path);
    HttpRequest request = HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(30)).build();
    return http.send(request, HttpResponse.BodyHandlers.ofString());
  }

  /// Evaluates an expression now.
  ///
  /// @return the values of all series that are numbers
  /// @throws IOException with Prometheus's own words if it does not like the expression
  List<Double> query(String expr) throws IOException, InterruptedException {
    JsonNode answer = data("/api/v1/query?query=" + URLEncoder.encode(expr, UTF_8));
    List<Double> values = new ArrayList<>();
    for (JsonNode series : answer.get("result")) {
      // +Inf and NaN are written in words that Java does not read in the same way.
      String value = series.at("/value/1").asText();
      if (value.matches("[-+0-9.e]+")) {
        values.add(Double.parseDouble(value));
      }
    }
    return values;
  }

  /// All rules, with what became of their last evaluation.
  List<JsonNode> rules() throws IOException, InterruptedException {
    List<JsonNode> rules = new ArrayList<>();
    for (JsonNode group : data("/api/v1/rules").get("groups")) {
      group.get("rules").forEach(rules::add);
    }
    return rules;
  }

  private JsonNode data(String path) throws IOException, InterruptedException {
    JsonNode answer = JSON.readTree(get(path).body());
    if (!answer.get("status").asText().equals("success")) {
      throw new IOException(answer.path("error").asText());
    }
    return answer.get("data");
  }

  /// Runs `promtool` in the folder of the repository's configuration.
  ///
  /// @return its exit code and what it said
  static String promtool(String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("promtool"));
    command.addAll(List.of(arguments));
    Process process =
        new ProcessBuilder(command)
            .directory(CONFIGURATION.toFile())
            .redirectErrorStream(true)
            .start();
    process.getOutputStream().close();
    String said = new String(process.getInputStream().readAllBytes(), UTF_8);
    if (!process.waitFor(60, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new IOException("promtool took longer than a minute");
    }
    return process.exitValue() + " " + said;
  }

  /// Ends it, and waits for that.
  @Override
  public void close() throws IOException {
    http.shutdownNow();
    List<ProcessHandle> children = shell.descendants().toList();
    shell.getOutputStream().close();
    boolean ended = false;
    try {
      ended = shell.waitFor(30, TimeUnit.SECONDS);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
    if (!ended) {
      children.forEach(ProcessHandle::destroyForcibly);
      shell.destroyForcibly();
    }
  }
}
