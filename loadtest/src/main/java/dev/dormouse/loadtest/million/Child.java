package dev.dormouse.loadtest.million;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/// A process of clients that this program has started. Closing it ends the process; so does the end
/// of this JVM.
final class Child implements AutoCloseable {
  private final String name;
  private final Process process;
  private final Thread atExit;

  private Child(String name, Process process) {
    this.name = name;
    this.process = process;
    this.atExit = new Thread(process::destroyForcibly, "end " + name);
    Runtime.getRuntime().addShutdownHook(atExit);
  }

  /// @param errors gets what it writes to its standard error
  /// @param lines told of each line of its standard output, in a thread of its own
  static Child start(String name, List<String> command, Path errors, Consumer<String> lines)
      throws IOException {
    Process process = new ProcessBuilder(command).redirectError(errors.toFile()).start();
    Child child = new Child(name, process);
    Thread.ofPlatform().daemon().name("output of " + name).start(() -> child.read(lines));
    return child;
  }

  private void read(Consumer<String> lines) {
    try (BufferedReader reader = process.inputReader(StandardCharsets.UTF_8)) {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        lines.accept(line);
      }
    } catch (IOException | IllegalArgumentException e) {
      System.err.println("what " + name + " says can no longer be read: " + e);
    }
  }

  String name() {
    return name;
  }

  ProcessHandle handle() {
    return process.toHandle();
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /// Its exit code; only once it has ended.
  int exitCode() {
    return process.exitValue();
  }

  /// Writes one line to its standard input.
  void order(String line) throws IOException {
    OutputStream to = process.getOutputStream();
    to.write((line + "\n").getBytes(StandardCharsets.US_ASCII));
    to.flush();
  }

  /// @return false if it has not ended by itself in that time
  boolean await(Duration atMost) throws InterruptedException {
    return process.waitFor(atMost.toMillis(), TimeUnit.MILLISECONDS);
  }

  @Override
  public void close() {
    process.destroyForcibly();
    try {
      Runtime.getRuntime().removeShutdownHook(atExit);
    } catch (IllegalStateException _) {
      // The JVM is ending already.
    }
  }
}
