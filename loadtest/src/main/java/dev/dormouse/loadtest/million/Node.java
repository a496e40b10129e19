package dev.dormouse.loadtest.million;

import dev.dormouse.loadtest.Dormouse;
import dev.dormouse.loadtest.ServerProcess;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/// One of the servers, with ports and a data folder of its own.
///
/// @param front where users connect to
/// @param process whose address is its bench port
record Node(String name, URI front, ServerProcess process) {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  /// From a port that is bound: with very many sockets on the machine, the automatic choice may
  /// have none left.
  private static final HttpClient CLIENT =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(PATIENCE)
          .localAddress(InetAddress.getLoopbackAddress())
          .build();

  /// Starts it through the script in the checkout, as anyone would.
  ///
  /// @param heap MiB
  static Node start(String name, Path checkout, Path work, int heap) throws IOException {
    URI front = ServerProcess.freeAddress();
    URI bench = ServerProcess.freeAddress();
    Path data = work.resolve("data-" + name);
    String options =
        "-Xmx%dm -Xms24m -XX:MinHeapFreeRatio=10 -XX:MaxHeapFreeRatio=30 -Djava.net.preferIPv4Stack=true"
            .formatted(heap);
    List<String> command = Dormouse.serve(checkout, front.getPort(), bench, data);
    // The descriptors that databases of rooms would have are wanted for connections.
    command.add("--sql-files=16");
    command.addAll(0, List.of("env", "DORMOUSE_JAVA_OPTS=" + options));
    return new Node(
        name, front, ServerProcess.start(command, bench, data, work.resolve(name + ".log")));
  }

  /// What it tells of itself; blocks for at most 20 s.
  Scrape scrape() throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(front.resolve("/metrics")).timeout(PATIENCE).build();
    HttpResponse<String> response = CLIENT.send(request, HttpResponse.BodyHandlers.ofString());
    if (response.statusCode() != 200) {
      throw new IOException("/metrics was answered " + response.statusCode());
    }
    return Scrape.parse(response.body());
  }
}
