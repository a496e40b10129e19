package dev.dormouse.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dormouse.server.jetty.Transport;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.ServerSocket;
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

  private static final String TEST = ".*(RawWebSocket|ParkedMemoryIT).*";

  /// Whatever the network side of a server, the JDK or a client of this test may have made.
  private static final String NETWORK =
      "(dev\\.dormouse\\.server\\.|org\\.eclipse|sun\\.nio\\.ch|\\[?L?java\\.nio|java\\.net|java\\.io"
          + "|java\\.util\\.concurrent\\.locks|java\\.lang\\.(Object|Integer)$).*";

  private static final String OURS = "(dev\\.dormouse\\.server\\.|org\\.eclipse).*";

  /// So many clients are made for nothing, to know what they cost themselves.
  private static final int ALONE = 1_000;

  @Test
  void H3_a_parked_connection_leaves_nothing_of_jetty_and_some_bytes_of_ours() throws Exception {
    double clientAlone = aClientAlone();
    Budget budget = Budget.of(server.front().transport());
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
              "dev.dormouse.server.nio.NioEndPoint",
              "dev.dormouse.server.jetty.RoomConnection",
              "dev.dormouse.server.jetty.RoomSession",
              "dev.dormouse.server.jetty.WebSocketWire",
              "org.eclipse.jetty.server.internal.HttpConnection")) {
        assertThat(of(after, gone).count() - of(before, gone).count())
            .as(gone)
            .isLessThan(CONNECTIONS / 50);
      }
      String wire = "dev.dormouse.server.jetty.ParkableWire";
      assertThat(of(after, wire).count() - of(before, wire).count()).isEqualTo(CONNECTIONS);
      assertThat(grown(before, after, OURS))
          .as("bytes of the server's and Jetty's classes for a parked connection")
          .isLessThan(budget.ours());
      double network = grown(before, after, NETWORK) - clientAlone;
      System.out.printf("the network side of a parked connection: %.0f bytes%n", network);
      assertThat(network).as("bytes, with the JDK's").isLessThan(budget.network());
    } finally {
      for (RawWebSocket client : clients) {
        client.reset();
      }
    }
    parked(0);
  }

  /// What a parked connection may cost, in bytes.
  ///
  /// @param ours of classes of the server's network side and of Jetty
  /// @param network with those of the JDK
  private record Budget(int ours, int network) {
    static Budget of(Transport transport) {
      return switch (transport) {
        // The wire alone.
        case EPOLL -> new Budget(48, 100);
        // The wire and its berth; the JDK keeps a channel, its key and its addresses. The two nodes
        // that a selector's tables have for it are not told from others: up to 1 KB with them.
        case NIO -> new Budget(96, 900);
      };
    }
  }

  /// What a client of this test costs in this JVM, in bytes.
  private static double aClientAlone() throws Exception {
    try (ServerSocket nobody = new ServerSocket(0, ALONE, InetAddress.getLoopbackAddress())) {
      List<RawWebSocket> clients = new ArrayList<>();
      Map<String, Usage> before = histogram();
      for (int i = 0; i < ALONE; i++) {
        clients.add(RawWebSocket.dial(nobody.getLocalPort()));
      }
      long grown = bytes(histogram(), NETWORK) - bytes(before, NETWORK);
      for (RawWebSocket client : clients) {
        client.reset();
      }
      return (double) grown / ALONE;
    }
  }

  /// @param count how many objects there are
  private record Usage(long count, long bytes) {}

  private static Usage of(Map<String, Usage> histogram, String type) {
    return histogram.getOrDefault(type, new Usage(0, 0));
  }

  /// By how much classes have grown, in bytes for a connection.
  private static double grown(Map<String, Usage> before, Map<String, Usage> after, String names) {
    return (double) (bytes(after, names) - bytes(before, names)) / CONNECTIONS;
  }

  private static long bytes(Map<String, Usage> histogram, String names) {
    return histogram.entrySet().stream()
        .filter(e -> e.getKey().matches(names) && !e.getKey().matches(TEST))
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
