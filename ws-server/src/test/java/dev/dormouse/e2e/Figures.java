package dev.dormouse.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.dormouse.server.RawWebSocket;
import java.io.IOException;
import java.util.function.DoublePredicate;

/// What a server tells of itself at `/metrics`.
///
/// @param scrape all of it
record Figures(String scrape) {

  /// @param status the HTTP status
  record Answer(int status, String body) {}

  static Answer get(int port, String path) throws IOException {
    try (RawWebSocket client = RawWebSocket.dial(port)) {
      client.bytes(
          ("GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
              .getBytes(UTF_8));
      RawWebSocket.Head head = client.head();
      return new Answer(head.status(), client.body(head));
    }
  }

  static Figures of(int port) throws IOException {
    return new Figures(get(port, "/metrics").body());
  }

  /// The sum of a metric's series that hold `part`.
  double of(String metric, String part) {
    return scrape
        .lines()
        .filter(line -> line.startsWith(metric + " ") || line.startsWith(metric + "{"))
        .filter(line -> line.contains(part))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .sum();
  }

  double of(String metric) {
    return of(metric, "");
  }

  /// Waits until a figure is as it should be, ten seconds at most; says what it is.
  static double await(int port, String metric, String part, DoublePredicate wanted)
      throws IOException, InterruptedException {
    double value = of(port).of(metric, part);
    for (int i = 0; i < 100 && !wanted.test(value); i++) {
      Thread.sleep(100);
      value = of(port).of(metric, part);
    }
    return value;
  }
}
