package dev.dormouse.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A rollout over a thousand simulated devices, most of whose rooms are asleep, on a server that is
/// killed meanwhile.
@DisplayName("A thousand devices")
class FleetIT {
  private static final int DEVICES = Integer.getInteger("dormouse.devices", 1_000);
  private static final int FAILING = 5;
  private static final int MOST_AWAKE = DEVICES / 20;
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir Path folder;

  private final HttpClient http = HttpClient.newHttpClient();
  private String url = "";

  @Test
  void go_back_by_themselves_when_the_canaries_fail_though_the_server_is_killed_meanwhile()
      throws Exception {
    NodeEditor.Node.require();
    ServerPlan plan = ServerPlan.in(folder).port(ServerProcess.quietPort());
    ServerProcess server = ServerProcess.start(plan);
    url = server.url();
    try (Swarm swarm =
        Swarm.connect(
            url, "acme", DEVICES, "fails=" + FAILING, folder.resolve("devices.txt").toFile())) {
      until("all are registered", "/rooms/fleet/acme", it -> it.path("online").asInt() == DEVICES);
      assertMostAreAsleep();

      put(
          "/rooms/rollout/acme/bad",
          """
          {"firmware":"2.0","groups":[{"count":20},{"percent":50}],"soak":"PT2S","failure":0.1,
           "sample":20,"timeout":"PT1M"}\
          """);
      until("the canaries begin", "/rooms/rollout/acme/bad", it -> in(it, 0, "waiting") == 0);
      server.kill();
      server = ServerProcess.start(plan);
      until("it has gone back", "/rooms/rollout/acme/bad", it -> it.path("over").asBoolean());
      JsonNode bad = get("/rooms/rollout/acme/bad");
      assertThat(bad.path("status").asText()).as(bad.toString()).isEqualTo("compensated");
      assertThat(in(bad, 1, "waiting")).as("of the second group").isEqualTo(DEVICES / 2 - 20);
      assertThat(swarm.count().path("firmware").toString()).isEqualTo("{\"1.0\":" + DEVICES + "}");

      until("all are back", "/rooms/fleet/acme", it -> it.path("online").asInt() == DEVICES);
      assertMostAreAsleep();
      allOfTheOthersAreUpdated(swarm);
    } finally {
      server.close();
    }
  }

  private void allOfTheOthersAreUpdated(Swarm swarm) throws Exception {
    String good =
        Stream.iterate(FAILING, i -> i + 1)
            .limit(DEVICES - FAILING)
            .map("\"d%04d\""::formatted)
            .reduce((a, b) -> a + "," + b)
            .orElseThrow();
    long began = System.nanoTime();
    put(
        "/rooms/rollout/acme/good",
        """
        {"firmware":"2.0","groups":[{"count":10},{"percent":30}],"soak":"PT1S","every":"PT0.2S",
         "devices":[%s]}\
        """
            .formatted(good));
    until("it has ended", "/rooms/rollout/acme/good", it -> it.path("over").asBoolean());
    JsonNode ended = get("/rooms/rollout/acme/good");
    assertThat(ended.path("status").asText()).as(ended.toString()).isEqualTo("finished");
    assertThat(swarm.count().path("firmware").path("2.0").asInt()).isEqualTo(DEVICES - FAILING);
    System.out.printf(
        "FleetIT: %d devices updated in %.1f s, data folder %d KiB%n",
        DEVICES - FAILING, (System.nanoTime() - began) / 1e9, dataBytes() / 1024);
    assertMostAreAsleep();
  }

  private long dataBytes() throws IOException {
    try (Stream<Path> files = Files.walk(folder.resolve("data"))) {
      return files.filter(Files::isRegularFile).mapToLong(file -> file.toFile().length()).sum();
    }
  }

  /// By the server's own count, and by what it says of some.
  private void assertMostAreAsleep() throws Exception {
    long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while ((awake() > MOST_AWAKE || asleepOfSome() < 18) && System.nanoTime() < until) {
      TimeUnit.MILLISECONDS.sleep(200);
    }
    assertThat(awake()).as("devices' rooms in memory").isLessThanOrEqualTo(MOST_AWAKE);
    assertThat(asleepOfSome()).as("asleep, of the last twenty").isGreaterThanOrEqualTo(18);
  }

  private long asleepOfSome() {
    return IntStream.range(DEVICES - 20, DEVICES)
        .filter(i -> status("/status/device/acme/d%04d".formatted(i)).contains("asleep"))
        .count();
  }

  private String status(String path) {
    try {
      return text(path);
    } catch (Exception e) {
      throw new AssertionError(path, e);
    }
  }

  private double awake() throws Exception {
    return text("/metrics")
        .lines()
        .filter(line -> line.startsWith("dormouse_rooms_awake{namespace=\"device\"}"))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .findFirst()
        .orElseThrow();
  }

  private static int in(JsonNode rollout, int group, String state) {
    return rollout.path("groups").path(group).path("states").path(state).asInt(0);
  }

  private void until(String what, String path, Predicate<JsonNode> holds) throws Exception {
    long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(120);
    JsonNode seen = get(path);
    while (!holds.test(seen)) {
      assertThat(System.nanoTime()).as("waited for: %s; %s", what, seen).isLessThan(until);
      TimeUnit.MILLISECONDS.sleep(100);
      seen = get(path);
    }
  }

  private JsonNode get(String path) throws Exception {
    return JSON.readTree(text(path));
  }

  private String text(String path) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(url + path)).timeout(Duration.ofSeconds(30)).build();
    return http.send(request, BodyHandlers.ofString()).body();
  }

  private void put(String path, String body) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(url + path))
            .PUT(HttpRequest.BodyPublishers.ofString(body))
            .build();
    var answer = http.send(request, BodyHandlers.ofString());
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
  }
}
