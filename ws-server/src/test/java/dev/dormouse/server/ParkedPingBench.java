package dev.dormouse.server;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// What the ping of a client costs whose socket is parked: answered by the loop, or by Jetty, to
/// which the socket has to come back if the ping comes in two halves; and parking it again.
///
/// `ParkedPingBench [sockets]`; prints Markdown, the processor time of the server's reading threads
/// for one ping.
final class ParkedPingBench {
  private static final int ROUNDS = 40;
  private static final int WARM = 40;

  /// How long after the first half the second follows, in milliseconds.
  private static final int HALF = 20;

  private static final byte[] PING = RawWebSocket.encode(RawWebSocket.PING, new byte[4]);

  private ParkedPingBench() {}

  public static void main(String[] args) throws Exception {
    int count = args.length > 0 ? Integer.parseInt(args[0]) : 500;
    Path folder = Files.createTempDirectory(Path.of("target"), "ping-bench");
    List<RawWebSocket> clients = new ArrayList<>();
    try (RoomServer server =
        RoomServer.builder()
            .namespace(TalkRoom.namespace())
            .data(folder)
            .port(0)
            .set(Setting.TRANSPORT, "epoll")
            .park(Duration.ofMillis(20))
            .start()) {
      for (int i = 0; i < count; i++) {
        clients.add(RawWebSocket.open(server.port(), "/talk/bench" + i % 50));
        clients.getLast().readText();
      }
      System.out.println("| a ping at a parked socket | µs | sockets woken for each |");
      System.out.println("|---|---|---|");
      measure(server, clients, "whole", PING.length);
      measure(server, clients, "in two halves", PING.length / 2);
    } finally {
      for (RawWebSocket client : clients) {
        client.close();
      }
    }
  }

  private static void measure(RoomServer server, List<RawWebSocket> clients, String how, int cut)
      throws Exception {
    for (int i = 0; i < WARM; i++) {
      round(server, clients, cut);
    }
    long wakes = server.front().wakes();
    long before = cpu();
    for (int i = 0; i < ROUNDS; i++) {
      round(server, clients, cut);
    }
    double pings = (double) ROUNDS * clients.size();
    System.out.printf(
        "| %s | %.1f | %.2f |%n",
        how, (cpu() - before) / 1_000.0 / pings, (server.front().wakes() - wakes) / pings);
  }

  private static void round(RoomServer server, List<RawWebSocket> clients, int cut)
      throws Exception {
    while (server.front().parked() < clients.size()) {
      Thread.sleep(1);
    }
    for (RawWebSocket client : clients) {
      client.bytes(Arrays.copyOf(PING, cut));
    }
    if (cut < PING.length) {
      // Else the halves are one by the time that they are read.
      Thread.sleep(HALF);
      for (RawWebSocket client : clients) {
        client.bytes(Arrays.copyOfRange(PING, cut, PING.length));
      }
    }
    for (RawWebSocket client : clients) {
      client.next();
    }
  }

  /// What the threads that read have used so far, in nanoseconds.
  private static long cpu() {
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    return Arrays.stream(threads.getThreadInfo(threads.getAllThreadIds()))
        .filter(it -> it != null && it.getThreadName().startsWith("front"))
        .mapToLong(it -> threads.getThreadCpuTime(it.getThreadId()))
        .sum();
  }
}
