package dev.dormouse.e2e;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// A server in a process of its own, which tests stop, kill and start again on the same folder and
/// port. Everything it says goes to a file; nothing of it is left when the tests end, however they
/// end.
///
/// For one thread.
final class ServerProcess implements AutoCloseable {
  private static final String READY = "Dormouse is ready at ";
  private static final int LIMIT_SECONDS = 60;

  /// All that run, for the hook that ends them with the tests' own process.
  private static final Set<Process> RUNNING = ConcurrentHashMap.newKeySet();

  static {
    Runtime.getRuntime()
        .addShutdownHook(new Thread(() -> RUNNING.forEach(Process::destroyForcibly)));
  }

  private final ServerPlan plan;
  private final Process process;

  private ServerProcess(ServerPlan plan, Process process) {
    this.plan = plan;
    this.process = process;
  }

  /// A port that nobody listens on, below those that the system hands out to clients: a server that
  /// was killed finds it free again.
  static int quietPort() throws IOException {
    for (int attempt = 0; attempt < 100; attempt++) {
      int port = ThreadLocalRandom.current().nextInt(20_000, 30_000);
      try (ServerSocket _ = new ServerSocket(port)) {
        return port;
      } catch (IOException _) {
        // Somebody else's.
      }
    }
    throw new IOException("no port is free between 20,000 and 30,000");
  }

  /// Starts a server without waiting for it.
  static ServerProcess launch(ServerPlan plan) throws IOException {
    Files.createDirectories(plan.folder());
    Files.deleteIfExists(plan.folder().resolve("out.txt"));
    Process process = plan.command().start();
    RUNNING.add(process);
    return new ServerProcess(plan, process);
  }

  /// Starts a server and waits until it can be reached.
  static ServerProcess start(ServerPlan plan) throws IOException, InterruptedException {
    ServerProcess server = launch(plan);
    if (!server.ready()) {
      server.close();
      throw new IOException("the server did not start:\n" + server.said());
    }
    return server;
  }

  /// Waits until it can be reached; false if it ended instead.
  boolean ready() throws IOException, InterruptedException {
    long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(LIMIT_SECONDS);
    while (process.isAlive()) {
      if (address() != null) {
        return true;
      }
      if (System.nanoTime() > until) {
        close();
        throw new IOException("not ready after " + LIMIT_SECONDS + " s:\n" + said());
      }
      // Waits for its end, as long as a look at the file is worth.
      process.waitFor(5, TimeUnit.MILLISECONDS);
    }
    return false;
  }

  private @Nullable String address() throws IOException {
    String said = Files.readString(out());
    return said.startsWith(READY) && said.endsWith("\n")
        ? said.substring(READY.length()).strip()
        : null;
  }

  private Path out() {
    return plan.folder().resolve("out.txt");
  }

  /// Its address, without a slash at the end. Only once it is ready.
  String url() throws IOException {
    String address = address();
    if (address == null) {
      throw new IllegalStateException("the server has not said where it is:\n" + said());
    }
    return address;
  }

  int port() throws IOException {
    return URI.create(url()).getPort();
  }

  long pid() {
    return process.pid();
  }

  /// Kills it, as `kill -9` does, and waits until it is gone.
  void kill() throws InterruptedException {
    process.destroyForcibly();
    exit();
  }

  /// Sends a signal, such as `INT`, without waiting.
  void signal(String name) throws IOException, InterruptedException {
    Process kill = new ProcessBuilder("kill", "-" + name, Long.toString(pid())).start();
    if (kill.waitFor() != 0) {
      throw new IOException("kill could not signal process " + pid());
    }
  }

  /// Waits until it has ended and returns its exit code.
  int exit() throws InterruptedException {
    if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
      throw new IllegalStateException(
          "process %d did not end in %d s".formatted(pid(), LIMIT_SECONDS));
    }
    RUNNING.remove(process);
    return process.exitValue();
  }

  /// Waits for its end, in any thread, and says whether it came.
  boolean endsWithin(int seconds) {
    try {
      return process.waitFor(seconds, TimeUnit.SECONDS);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /// Asks it to stop and waits until it has.
  ///
  /// @return its exit code
  int stop() throws IOException, InterruptedException {
    signal("TERM");
    return exit();
  }

  /// What it wrote to standard output in this life.
  String output() throws IOException {
    return Files.readString(out());
  }

  /// What it wrote to its log, in all lives in this folder.
  String log() throws IOException {
    return Files.readString(plan.folder().resolve("log.txt"));
  }

  /// The end of its log, for messages.
  String said() throws IOException {
    List<String> lines = log().lines().toList();
    return String.join("\n", lines.subList(Math.max(0, lines.size() - 40), lines.size()));
  }

  /// Kills it if it still runs.
  @Override
  public void close() {
    process.destroyForcibly();
    process.onExit().orTimeout(LIMIT_SECONDS, TimeUnit.SECONDS).join();
    RUNNING.remove(process);
  }
}
