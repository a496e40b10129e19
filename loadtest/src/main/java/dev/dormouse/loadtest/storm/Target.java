package dev.dormouse.loadtest.storm;

import dev.dormouse.loadtest.Dormouse;
import dev.dormouse.loadtest.StartException;
import java.io.File;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// The server under test: `./dormouse serve`, killed and started again on the same folder and
/// ports. For one thread; the end of this JVM ends the server too.
final class Target implements AutoCloseable {
  private static final int TO_START_SECONDS = 90;
  private static final int TO_STOP_SECONDS = 60;

  private final Path checkout;
  private final Path work;
  private final Path data;
  private final @Nullable Path preload;
  private final Path control;
  private final URI main;
  private final URI bench;

  /// Where backups are asked for.
  private final int admin;

  private final List<Long> starts = new ArrayList<>();
  private volatile @Nullable Process process;

  /// @param preload the library of `storm.c`; null where it could not be made
  Target(
      Path checkout,
      Path work,
      Path data,
      @Nullable Path preload,
      Path control,
      URI main,
      URI bench,
      int admin) {
    this.checkout = checkout;
    this.work = work;
    this.data = data;
    this.preload = preload;
    this.control = control;
    this.main = main;
    this.bench = bench;
    this.admin = admin;
    Runtime.getRuntime().addShutdownHook(new Thread(this::crash, "end the server"));
  }

  /// Blocks until the server says that it is ready.
  ///
  /// @throws IOException if it ends instead, or is not for 90 s
  void start() throws IOException, InterruptedException {
    long began = System.nanoTime();
    List<String> command = Dormouse.serve(checkout, main.getPort(), bench, data);
    command.addAll(
        List.of("--admin=" + admin, "--rooms=" + work.resolve("storm-rooms.jar"), "--log=text"));
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()))
            .redirectInput(new File("/dev/null"));
    builder
        .environment()
        .put("DORMOUSE_JAVA_OPTS", "-Xmx512m -XX:ErrorFile=" + work.resolve("hs_err_%p.log"));
    Path library = preload;
    if (library != null) {
      builder.environment().put("LD_PRELOAD", library.toString());
      builder.environment().put("STORM_CONTROL", control.toString());
    }
    Process started = builder.start();
    process = started;
    Files.writeString(work.resolve("server.pid"), String.valueOf(started.pid()));
    while (!ready()) {
      if (!started.isAlive()) {
        throw new IOException("the server ended with " + started.exitValue() + ": see " + log());
      }
      if (System.nanoTime() - began > TO_START_SECONDS * 1_000_000_000L) {
        throw new IOException("the server was not ready for " + TO_START_SECONDS + " s");
      }
      Thread.sleep(20);
    }
    starts.add((System.nanoTime() - began) / 1_000_000);
  }

  private boolean ready() {
    try {
      HttpURLConnection connection =
          (HttpURLConnection) main.resolve("/readyz").toURL().openConnection();
      connection.setConnectTimeout(2_000);
      connection.setReadTimeout(2_000);
      return connection.getResponseCode() == HttpURLConnection.HTTP_OK;
    } catch (IOException _) {
      return false;
    }
  }

  /// Ends it as a power cut of the process would.
  void crash() {
    Process running = process;
    if (running != null) {
      running.destroyForcibly();
      try {
        running.waitFor();
      } catch (InterruptedException _) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /// Asks it to end, and waits for it.
  ///
  /// @return its exit code, -1 if it did not end within a minute
  int stop() throws InterruptedException {
    Process running = process;
    if (running == null) {
      return -1;
    }
    running.destroy();
    return running.waitFor(TO_STOP_SECONDS, TimeUnit.SECONDS) ? running.exitValue() : -1;
  }

  /// @param name such as `STOP`
  void signal(String name) throws IOException, InterruptedException {
    run(List.of("kill", "-" + name, String.valueOf(pid())), "signal");
  }

  boolean isAlive() {
    Process running = process;
    return running != null && running.isAlive();
  }

  /// How it ended, if it has.
  int exitCode() {
    Process running = process;
    return running == null || running.isAlive() ? -1 : running.exitValue();
  }

  /// @throws StartException if it was never started
  ProcessHandle handle() {
    Process running = process;
    if (running == null) {
      throw new StartException("nothing was started");
    }
    return running.toHandle();
  }

  long pid() {
    return handle().pid();
  }

  /// Runs the command of this checkout and returns its exit code; what it says goes into the log.
  int dormouse(String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(checkout.resolve("dormouse").toString()));
    command.addAll(List.of(arguments));
    return run(command, "command");
  }

  /// Writes what all threads of the server do, virtual ones too, into a file beside the log.
  void dumpThreads(String file) throws IOException, InterruptedException {
    String jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
    run(
        List.of(
            jcmd,
            String.valueOf(pid()),
            "Thread.dump_to_file",
            work.resolve(file).toAbsolutePath().toString()),
        "command");
  }

  private int run(List<String> command, String what) throws IOException, InterruptedException {
    Process run =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(work.resolve(what + ".log").toFile()))
            .redirectInput(new File("/dev/null"))
            .start();
    if (!run.waitFor(TO_STOP_SECONDS, TimeUnit.SECONDS)) {
      run.destroyForcibly().waitFor();
      return -1;
    }
    return run.exitValue();
  }

  Path log() {
    return work.resolve("server.log");
  }

  Path data() {
    return data;
  }

  URI address() {
    return main;
  }

  /// How long each start took until it was ready, in milliseconds.
  List<Long> starts() {
    return List.copyOf(starts);
  }

  @Override
  public void close() {
    crash();
  }
}
