package dev.dormouse.e2e;

import dev.dormouse.server.ServerUnderTest;
import java.io.File;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
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

  /// What to start.
  ///
  /// @param within a command that runs the server's, such as one that takes rights from it
  /// @param mainClass the class whose `main` it is
  /// @param classPath where that is found
  /// @param folder where its words go: `out.txt` of one life, `log.txt` of all
  /// @param options of the JVM
  /// @param flags of `serve`, without port and data folder
  record Plan(
      List<String> within,
      Class<?> mainClass,
      List<String> classPath,
      Path folder,
      Path data,
      int port,
      List<String> options,
      List<String> flags) {

    /// A server on a port of its choice, with the data folder `data` in `folder`.
    static Plan in(Path folder) {
      Path data = folder.resolve("data");
      List<String> path = testClassPath();
      return new Plan(
          List.of(), ServerUnderTest.class, path, folder, data, 0, List.of(), List.of());
    }

    Plan within(List<String> command) {
      return new Plan(command, mainClass, classPath, folder, data, port, options, flags);
    }

    Plan runs(Class<?> other, List<String> from) {
      return new Plan(within, other, from, folder, data, port, options, flags);
    }

    Plan saysIn(Path other) {
      return new Plan(within, mainClass, classPath, other, data, port, options, flags);
    }

    Plan data(Path other) {
      return new Plan(within, mainClass, classPath, folder, other, port, options, flags);
    }

    Plan port(int fixed) {
      return new Plan(within, mainClass, classPath, folder, data, fixed, options, flags);
    }

    Plan options(List<String> more) {
      List<String> all = Stream.concat(options.stream(), more.stream()).toList();
      return new Plan(within, mainClass, classPath, folder, data, port, all, flags);
    }

    Plan flags(String... more) {
      List<String> all = Stream.concat(flags.stream(), Stream.of(more)).toList();
      return new Plan(within, mainClass, classPath, folder, data, port, options, all);
    }

    private ProcessBuilder command() {
      List<String> command = new ArrayList<>(within);
      command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
      // As the script has them; compiled quickly, because most of these live for a second.
      command.addAll(
          List.of("-XX:+UseSerialGC", "-Xmx256m", "-XX:TieredStopAtLevel=1", "-Xshare:auto"));
      command.addAll(List.of("-XX:+PerfDisableSharedMem", "--enable-native-access=ALL-UNNAMED"));
      command.addAll(options);
      command.addAll(List.of("-cp", String.join(File.pathSeparator, classPath)));
      command.addAll(List.of(mainClass.getName(), "serve", "--port", Integer.toString(port)));
      command.addAll(List.of("--data", data.toString()));
      command.addAll(flags);
      return new ProcessBuilder(command)
          .redirectOutput(folder.resolve("out.txt").toFile())
          .redirectError(ProcessBuilder.Redirect.appendTo(folder.resolve("log.txt").toFile()));
    }
  }

  private final Plan plan;
  private final Process process;

  private ServerProcess(Plan plan, Process process) {
    this.plan = plan;
    this.process = process;
  }

  /// The class path of the tests: the server, and what tests add.
  static List<String> testClassPath() {
    String known = System.getProperty("surefire.test.class.path");
    String path = known != null ? known : System.getProperty("java.class.path", "");
    return List.of(path.split(File.pathSeparator));
  }

  /// The class path without what only tests have.
  static List<String> serverClassPath() {
    return testClassPath().stream().filter(entry -> !entry.endsWith("test-classes")).toList();
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
  static ServerProcess launch(Plan plan) throws IOException {
    Files.createDirectories(plan.folder());
    Files.deleteIfExists(plan.folder().resolve("out.txt"));
    Process process = plan.command().start();
    RUNNING.add(process);
    return new ServerProcess(plan, process);
  }

  /// Starts a server and waits until it can be reached.
  static ServerProcess start(Plan plan) throws IOException, InterruptedException {
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
