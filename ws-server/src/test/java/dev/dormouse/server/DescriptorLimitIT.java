package dev.dormouse.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A server that has no descriptor left for another client sends it away, stays up, and serves
/// those that it has.
@Timeout(120)
class DescriptorLimitIT {
  private static final int LIMIT = 150;

  @TempDir Path folder;

  @Test
  void at_the_limit_clients_are_sent_away_and_the_others_served_on() throws Exception {
    try (ServerProcess server =
        ServerProcess.start(
            folder,
            "ulimit -n " + LIMIT,
            List.of(),
            "serve",
            "--port=0",
            "--transport=" + System.getProperty("dormouse.transport", "auto"),
            "--bench=0",
            "--data=" + folder.resolve("data"))) {
      int port = server.port();
      List<RawWebSocket> clients = new ArrayList<>();
      try {
        int away = 0;
        for (int i = 0; i < 2 * LIMIT; i++) {
          clients.add(RawWebSocket.dial(port));
        }
        for (RawWebSocket client : clients) {
          if (!healthy(client)) {
            away++;
          }
        }
        assertThat(away).as("sent away").isBetween(LIMIT, 2 * LIMIT - 20);
        long before = processorTime(server.pid());
        Thread.sleep(1_000);
        assertThat(processorTime(server.pid()) - before)
            .as("processor time in a second of rest, in ms")
            .isLessThan(500);
        assertThat(healthy(clients.getFirst())).isTrue();
        assertThat(server.errors().split("Too many open files", -1))
            .as("logged once a minute")
            .hasSize(2);

        for (RawWebSocket client : clients.subList(1, clients.size())) {
          client.close();
        }
        try (RawWebSocket late = again(port)) {
          assertThat(healthy(late)).isTrue();
        }
      } finally {
        for (RawWebSocket client : clients) {
          client.close();
        }
      }
    }
  }

  @Test
  void without_any_clients_are_sent_away_and_come_in_again_later() throws Exception {
    try (ServerProcess server =
        ServerProcess.start(
            HungryServer.class,
            folder,
            "ulimit -n " + LIMIT,
            List.of(),
            "serve",
            "--port=0",
            "--transport=" + System.getProperty("dormouse.transport", "auto"),
            "--data=" + folder.resolve("data"))) {
      int port = server.port();
      try (RawWebSocket first = RawWebSocket.dial(port)) {
        assertThat(healthy(first)).isTrue();
        assertThat(server.ask("eat")).isEqualTo("eaten");
        // The thread that accepts may have had the descriptor of the first of them in advance.
        int away = 0;
        for (int i = 0; i < 5; i++) {
          try (RawWebSocket client = RawWebSocket.dial(port)) {
            away += healthy(client) ? 0 : 1;
          }
        }
        assertThat(away).as("sent away of 5").isGreaterThanOrEqualTo(4);
        assertThat(healthy(first)).isTrue();
        assertThat(server.ask("leave")).isEqualTo("left");
        try (RawWebSocket late = again(port)) {
          assertThat(healthy(late)).isTrue();
        }
        assertThat(healthy(first)).isTrue();
      }
    }
  }

  /// Connects once there is room again, within 10 s.
  private static RawWebSocket again(int port) throws Exception {
    for (int i = 0; i < 100; i++) {
      RawWebSocket client = RawWebSocket.dial(port);
      if (healthy(client)) {
        return client;
      }
      client.close();
      Thread.sleep(100);
    }
    throw new AssertionError("there is no room again");
  }

  /// Whether the server answers on this connection.
  private static boolean healthy(RawWebSocket client) {
    try {
      client.bytes("GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(UTF_8));
      RawWebSocket.Head head = client.head();
      client.body(head);
      return head.status() == 200;
    } catch (SocketTimeoutException e) {
      throw new AssertionError("a client was neither served nor sent away", e);
    } catch (IOException _) {
      return false;
    }
  }

  /// What the process has used, in milliseconds, as Linux tells.
  private static long processorTime(long pid) throws IOException {
    String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
    return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) * 10;
  }
}
