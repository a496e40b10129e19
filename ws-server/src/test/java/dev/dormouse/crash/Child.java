package dev.dormouse.crash;

import dev.dormouse.server.JvmFlags;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/// One life of a [CrashServer] or of a real server. Nothing of it is left when the tests end,
/// however they end.
final class Child implements AutoCloseable {
  private static final int LIMIT_SECONDS = 60;
  private static final String READY_AT = "Dormouse is ready at ";

  /// All that run, for the hook that ends them with the tests' own process.
  private static final Set<Process> RUNNING = ConcurrentHashMap.newKeySet();

  static {
    Runtime.getRuntime()
        .addShutdownHook(new Thread(() -> RUNNING.forEach(Process::destroyForcibly)));
  }

  private final Process process;
  private final Path log;
  private final Writer in;
  private final Thread reader;
  private final CountDownLatch ready = new CountDownLatch(1);

  /// A real server's, once it is ready.
  private volatile @Nullable Clients clients;

  /// What is started.
  ///
  /// @param main says `ready`, or where it can be reached, once it is
  /// @param options of the JVM
  record Command(Class<?> main, List<String> options, List<String> arguments) {}

  /// @param hears what it says, in order, but `ready`; and what its clients hear
  private Child(Process process, Path log, BiConsumer<Child, String> hears) {
    this.process = process;
    this.log = log;
    in = process.outputWriter(StandardCharsets.UTF_8);
    reader = Thread.ofPlatform().daemon().name("hears").start(() -> hear(hears));
  }

  static Child launch(Command what, Path log, BiConsumer<Child, String> hears) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of("-XX:+UseSerialGC", "-Xmx160m", "-XX:TieredStopAtLevel=1", "-Xshare:auto"));
    command.addAll(List.of("-XX:+PerfDisableSharedMem", "--enable-native-access=ALL-UNNAMED"));
    command.addAll(JvmFlags.inside());
    command.addAll(what.options);
    String path = System.getProperty("surefire.test.class.path");
    command.addAll(List.of("-cp", path != null ? path : System.getProperty("java.class.path", "")));
    command.add(what.main.getName());
    command.addAll(what.arguments);
    Process process =
        new ProcessBuilder(command)
            .redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()))
            .start();
    RUNNING.add(process);
    return new Child(process, log, hears);
  }

  private void hear(BiConsumer<Child, String> hears) {
    try (BufferedReader out =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      for (String line = out.readLine(); line != null; line = out.readLine()) {
        if (line.startsWith(READY_AT)) {
          clients =
              new Clients(line.substring(READY_AT.length()), said -> hears.accept(this, said));
          ready.countDown();
        } else if (line.equals("ready")) {
          ready.countDown();
        } else {
          hears.accept(this, line);
        }
      }
    } catch (IOException _) {
      // It is gone; what it had said was read.
    }
  }

  /// Waits until it takes work; false if it ended instead.
  boolean ready() throws InterruptedException, IOException {
    for (int i = 0; i < LIMIT_SECONDS * 200; i++) {
      if (ready.await(5, TimeUnit.MILLISECONDS)) {
        return true;
      }
      if (!process.isAlive()) {
        reader.join();
        return ready.getCount() == 0;
      }
    }
    throw new IOException("not ready after " + LIMIT_SECONDS + " s:\n" + said());
  }

  /// Tells it something; without effect if it is gone.
  synchronized void say(String line) {
    Clients present = clients;
    if (present != null) {
      present.say(line);
      return;
    }
    try {
      in.write(line + "\n");
      in.flush();
    } catch (IOException _) {
      // Nobody will answer, which is what its clients must reckon with.
    }
  }

  /// Has a client of a real server ask again, after a moment, what went without an answer.
  void again(String line) {
    Clients present = clients;
    if (present != null) {
      CompletableFuture.delayedExecutor(100, TimeUnit.MILLISECONDS)
          .execute(() -> present.again(line));
    }
  }

  boolean alive() {
    return process.isAlive();
  }

  boolean endsWithin(long millis) throws InterruptedException {
    return process.waitFor(millis, TimeUnit.MILLISECONDS);
  }

  /// Kills it as `kill -9` does.
  void kill() {
    // Not through the process itself, which would close its output with what it still has to say.
    process.toHandle().destroyForcibly();
  }

  /// Waits until it is gone and all that it has said was heard.
  ///
  /// @return its exit code
  int exit() throws InterruptedException {
    if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
      throw new IllegalStateException(
          "process %d did not end in %d s".formatted(process.pid(), LIMIT_SECONDS));
    }
    reader.join();
    Clients present = clients;
    if (present != null) {
      present.close();
    }
    RUNNING.remove(process);
    return process.exitValue();
  }

  /// The end of its log, for messages.
  String said() throws IOException {
    List<String> lines = Files.readAllLines(log);
    return String.join("\n", lines.subList(Math.max(0, lines.size() - 40), lines.size()));
  }

  /// Kills it if it still runs.
  @Override
  public void close() {
    kill();
    process.onExit().orTimeout(LIMIT_SECONDS, TimeUnit.SECONDS).join();
    Clients present = clients;
    if (present != null) {
      present.close();
    }
    RUNNING.remove(process);
  }
}
