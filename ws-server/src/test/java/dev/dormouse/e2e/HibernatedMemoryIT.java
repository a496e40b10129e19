package dev.dormouse.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// H3: what a connection costs whose room is asleep, all included, counted by the server's JVM
/// after a collection: a room for each, near the usual limit of descriptors.
@Timeout(300)
class HibernatedMemoryIT {
  private static final int SOCKETS = 19_200;

  /// More rooms than a server remembers of those that it had to do with: what it keeps of these
  /// does not grow with their number.
  private static final int REMEMBERED = 4_500;

  private static final int BUDGET = 128;

  @TempDir Path folder;

  private final HttpClient http = HttpClient.newHttpClient();

  @Test
  void H3_a_hibernated_connection_costs_at_most_128_bytes_of_heap() throws Exception {
    ServerPlan plan =
        ServerPlan.in(folder)
            .flags("--rooms", LedgerRooms.jar(folder).toString(), "--log-level", "warn")
            .flags("--transport", "epoll")
            // So that their descriptors are left to the crowd.
            .flags("--sql-files", "16");
    try (ServerProcess server = ServerProcess.start(plan);
        Crowd crowd = new Crowd(server.port(), i -> "/ledger/alone" + i)) {
      crowd.growTo(REMEMBERED);
      packed(server, REMEMBERED);
      Map<String, Long> before = heap(server);
      long residentBefore = resident(server);
      crowd.growTo(SOCKETS);
      packed(server, SOCKETS);
      Map<String, Long> grown = heap(server);
      before.forEach((type, bytes) -> grown.merge(type, -bytes, Long::sum));
      double heap = perConnection(grown.values().stream().mapToLong(bytes -> bytes).sum());
      System.out.printf(
          "HibernatedMemoryIT: %.0f bytes of heap a connection, and %.0f resident%n",
          heap, perConnection(resident(server) - residentBefore));
      // Some numbers are kept of each, so a figure below that would be wrong.
      assertThat(heap).as(largest(grown)).isBetween(40.0, (double) BUDGET);
      assertThat(server.log()).doesNotContain("ERROR");
    }
  }

  private void packed(ServerProcess server, int count) throws Exception {
    URI metrics = URI.create(server.url() + "/metrics");
    String wanted = "dormouse_connections_packed " + (double) count;
    for (int i = 0; i < 600; i++) {
      String all =
          http.send(HttpRequest.newBuilder(metrics).build(), BodyHandlers.ofString()).body();
      boolean asleep =
          all.lines()
              .filter(line -> line.startsWith("dormouse_rooms_awake{"))
              .allMatch(line -> line.endsWith(" 0.0"));
      if (asleep && all.lines().anyMatch(wanted::equals)) {
        return;
      }
      Thread.sleep(100);
    }
    throw new AssertionError(count + " connections are not packed");
  }

  private static double perConnection(long bytes) {
    return (double) bytes / (SOCKETS - REMEMBERED);
  }

  private static String largest(Map<String, Long> grown) {
    return grown.entrySet().stream()
        .sorted(Map.Entry.<String, Long>comparingByValue().reversed())
        .limit(20)
        .map(each -> "%8.1f  %s".formatted(perConnection(each.getValue()), each.getKey()))
        .collect(Collectors.joining("\n", "bytes a connection, by class\n", "\n"));
  }

  /// The bytes of all live objects, by class.
  private static Map<String, Long> heap(ServerProcess server)
      throws IOException, InterruptedException {
    Process jcmd =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                Long.toString(server.pid()),
                "GC.class_histogram")
            .redirectErrorStream(true)
            .start();
    String text = new String(jcmd.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(jcmd.waitFor()).as(text).isZero();
    Map<String, Long> bytes = new HashMap<>();
    for (String line : text.lines().toList()) {
      String[] fields = line.strip().split("\\s+", -1);
      // What fills the holes of the heap is no object.
      if (fields.length >= 4 && fields[0].endsWith(":") && !fields[3].contains("FillerElement")) {
        bytes.merge(fields[3], Long.parseLong(fields[2]), Long::sum);
      }
    }
    assertThat(bytes).as(text).isNotEmpty();
    return bytes;
  }

  /// What it has of the machine's memory, in bytes.
  private static long resident(ServerProcess server) throws IOException {
    return Files.readAllLines(Path.of("/proc", Long.toString(server.pid()), "status")).stream()
        .filter(line -> line.startsWith("VmRSS:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) * 1024)
        .sum();
  }
}
