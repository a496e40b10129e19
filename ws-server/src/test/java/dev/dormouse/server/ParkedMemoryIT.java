package dev.dormouse.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.management.ObjectName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// H3: what a parked connection costs, counted by the JVM itself. The clients of this test are bare
/// sockets in the same JVM, so that only classes of the server's side are counted.
@Timeout(300)
class ParkedMemoryIT extends WithParking {
  private static final int CONNECTIONS = Integer.getInteger("dormouse.connections", 5_000);

  /// What parking leaves: [ParkableWire] alone.
  private static final int OURS = 48;

  @Test
  void H3_a_parked_connection_leaves_nothing_of_jetty_and_48_bytes_of_ours() throws Exception {
    Map<String, Usage> before = histogram();
    List<RawWebSocket> clients = new ArrayList<>();
    try {
      for (int i = 0; i < CONNECTIONS; i++) {
        clients.add(open("/talk/memory" + i % 100));
      }
      parked(CONNECTIONS);
      Map<String, Usage> after = histogram();
      report(before, after);

      for (String gone :
          List.of(
              "dev.dormouse.server.epoll.EpollEndPoint",
              "dev.dormouse.server.jetty.RoomConnection",
              "dev.dormouse.server.jetty.RoomSession",
              "dev.dormouse.server.jetty.WebSocketWire",
              "org.eclipse.jetty.server.internal.HttpConnection")) {
        assertThat(of(after, gone).count() - of(before, gone).count())
            .as(gone)
            .isLessThan(CONNECTIONS / 50);
      }
      String ours = "dev.dormouse.server.jetty.ParkableWire";
      long left = of(after, ours).count() - of(before, ours).count();
      assertThat(left).isEqualTo(CONNECTIONS);
      assertThat(grown(before, after, ours)).isLessThanOrEqualTo(OURS);
      assertThat(grown(before, after, "dev.dormouse.server") + grown(before, after, "org.eclipse"))
          .as("bytes of the server's and Jetty's classes for a parked connection")
          .isLessThan(OURS + 16);
    } finally {
      for (RawWebSocket client : clients) {
        client.reset();
      }
    }
    parked(0);
  }

  /// @param count how many objects there are
  private record Usage(long count, long bytes) {}

  private static Usage of(Map<String, Usage> histogram, String type) {
    return histogram.getOrDefault(type, new Usage(0, 0));
  }

  /// By how much the classes of a package have grown, in bytes for a connection.
  private static double grown(Map<String, Usage> before, Map<String, Usage> after, String start) {
    return (double) (bytes(after, start) - bytes(before, start)) / CONNECTIONS;
  }

  private static long bytes(Map<String, Usage> histogram, String start) {
    return histogram.entrySet().stream()
        .filter(e ->
            e.getKey().startsWith(start)
                && !e.getKey().matches(".*(RawWebSocket|ParkedMemoryIT).*"))
        .mapToLong(e -> e.getValue().bytes())
        .sum();
  }

  private static void report(Map<String, Usage> before, Map<String, Usage> after) {
    StringBuilder lines = new StringBuilder("what grew by more than a byte for a connection:\n");
    after.entrySet().stream()
        .sorted((a, b) -> Long.compare(b.getValue().bytes(), a.getValue().bytes()))
        .forEach(e -> {
          long bytes = e.getValue().bytes() - of(before, e.getKey()).bytes();
          if (bytes >= CONNECTIONS) {
            lines.append("%8.1f  %s%n".formatted((double) bytes / CONNECTIONS, e.getKey()));
          }
        });
    System.out.println(lines);
  }

  /// All live objects, by class, after a collection.
  private static Map<String, Usage> histogram() throws Exception {
    String text =
        (String)
            ManagementFactory.getPlatformMBeanServer()
                .invoke(
                    new ObjectName("com.sun.management:type=DiagnosticCommand"),
                    "gcClassHistogram",
                    new Object[] {new String[0]},
                    new String[] {String[].class.getName()});
    Map<String, Usage> histogram = new HashMap<>();
    for (String line : text.split("\n", -1)) {
      String[] fields = line.strip().split("\\s+", -1);
      if (fields.length >= 4 && fields[0].endsWith(":")) {
        histogram.put(fields[3], new Usage(Long.parseLong(fields[1]), Long.parseLong(fields[2])));
      }
    }
    if (histogram.isEmpty()) {
      throw new IOException("no histogram: " + text);
    }
    return histogram;
  }
}
