package dev.dormouse.loadtest.million;

import dev.dormouse.loadtest.Footprint;
import dev.dormouse.loadtest.StartException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Looks at every process and at the kernel again and again, in a thread of its own, until it is
/// closed.
final class Watch implements AutoCloseable {
  private static final Duration TO_END = Duration.ofSeconds(60);

  private final List<Node> nodes;
  private final Duration every;
  private final Thread thread;

  /// Guarded by this.
  private final List<Child> clients = new ArrayList<>();

  /// Guarded by this.
  private final List<Moment> moments = new ArrayList<>();

  private volatile boolean ended;

  Watch(List<Node> nodes, Duration every) {
    this.nodes = List.copyOf(nodes);
    this.every = every;
    this.thread = Thread.ofPlatform().daemon().name("watch").start(this::run);
  }

  /// From now on it is looked at too, as long as it lives.
  synchronized void add(Child client) {
    clients.add(client);
  }

  private synchronized List<Child> clients() {
    return List.copyOf(clients);
  }

  synchronized List<Moment> moments() {
    return List.copyOf(moments);
  }

  private void run() {
    try {
      while (!ended) {
        look();
        Thread.sleep(every);
      }
    } catch (InterruptedException _) {
      // Closed in the middle of it.
    }
  }

  /// Looks now, and keeps what it saw.
  Moment look() throws InterruptedException {
    try {
      // Asking may take minutes where all are busy; the clocks are then read in one go, or the
      // differences between two looks would belong to no span of time.
      List<List<Scrape>> scrapes = new ArrayList<>();
      for (Node node : nodes) {
        scrapes.add(scrape(node));
      }
      Map<String, Moment.Seen> servers = new LinkedHashMap<>();
      for (int i = 0; i < nodes.size(); i++) {
        Node node = nodes.get(i);
        servers.put(node.name(), seen(node.process().handle(), scrapes.get(i)));
      }
      Map<String, Moment.Seen> alive = new LinkedHashMap<>();
      for (Child client : clients()) {
        if (client.isAlive()) {
          alive.put(client.name(), seen(client.handle(), List.of()));
        }
      }
      Moment moment = new Moment(System.currentTimeMillis() / 1_000, servers, alive, Kernel.now());
      synchronized (this) {
        moments.add(moment);
      }
      return moment;
    } catch (IOException e) {
      throw new IllegalStateException("/proc cannot be read", e);
    }
  }

  /// Empty if it does not answer, which the report counts.
  private static List<Scrape> scrape(Node node) throws InterruptedException {
    try {
      return List.of(node.scrape());
    } catch (IOException e) {
      System.err.println(node.name() + " did not tell of itself: " + e);
      return List.of();
    }
  }

  private static Moment.Seen seen(ProcessHandle process, List<Scrape> scrape) {
    long resident = 0;
    try {
      Path status = Path.of("/proc", String.valueOf(process.pid()), "status");
      resident = Footprint.resident(Files.readString(status));
    } catch (IOException | StartException _) {
      // It has just ended, and whoever waits for it says so.
    }
    Optional<Duration> cpu = process.info().totalCpuDuration();
    return new Moment.Seen(resident, cpu.map(time -> time.toNanos() / 1e9).orElse(0.0), scrape);
  }

  @Override
  public void close() {
    ended = true;
    thread.interrupt();
    try {
      if (!thread.join(TO_END)) {
        System.err.println("the watch has not ended within " + TO_END);
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
