package dev.dormouse.server;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// The server as a process of its own, as people start it. For one thread.
final class ServerProcess implements AutoCloseable {
  private static final long PATIENCE = 60;

  private final Process process;
  private final BufferedReader out;
  private final Path errors;

  private ServerProcess(Process process, Path errors) {
    this.process = process;
    this.out = process.inputReader();
    this.errors = errors;
  }

  /// Starts `dormouse` with these arguments.
  ///
  /// @param shell what the shell does before, such as setting a limit; empty for nothing
  /// @param jvm flags of the JVM
  static ServerProcess start(Path folder, String shell, List<String> jvm, String... arguments)
      throws IOException {
    return start(Main.class, folder, shell, jvm, arguments);
  }

  /// Starts another `main` than the server's.
  static ServerProcess start(
      Class<?> main, Path folder, String shell, List<String> jvm, String... arguments)
      throws IOException {
    List<String> command = new ArrayList<>();
    if (!shell.isEmpty()) {
      command.addAll(List.of("/bin/sh", "-c", shell + "; exec \"$@\"", "sh"));
    }
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:+UseSerialGC", "-Xmx256m", "--enable-native-access=ALL-UNNAMED"));
    command.addAll(JvmFlags.inside());
    command.addAll(jvm);
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add(main.getName());
    command.addAll(List.of(arguments));
    Path errors = Files.createTempFile(folder, "errors", ".txt");
    return new ServerProcess(
        new ProcessBuilder(command).redirectError(errors.toFile()).start(), errors);
  }

  static ServerProcess start(Path folder, String... arguments) throws IOException {
    return start(folder, "", List.of(), arguments);
  }

  /// Waits for the line that says where the server is, and returns its port.
  int port() throws IOException {
    @Nullable String line = out.readLine();
    if (line == null) {
      throw new IOException("the server ended: " + errors());
    }
    return Integer.parseInt(line.substring(line.lastIndexOf(':') + 1));
  }

  /// Writes a line to its standard input and waits for the one that answers.
  String ask(String line) throws IOException {
    Writer in = process.outputWriter();
    in.write(line + "\n");
    in.flush();
    return String.valueOf(out.readLine());
  }

  /// Waits until the server has said where it is, or has ended; says which.
  boolean started() throws IOException {
    return out.readLine() != null;
  }

  /// What is left of standard output; waits for its end.
  List<String> rest() {
    return out.lines().toList();
  }

  String errors() throws IOException {
    return Files.readString(errors);
  }

  long pid() {
    return process.pid();
  }

  /// Sends a signal, such as `TERM`.
  void signal(String name) throws IOException, InterruptedException {
    new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start().waitFor();
  }

  /// Waits for the process to end and returns its exit code.
  int exit() throws InterruptedException, IOException {
    if (!process.waitFor(PATIENCE, TimeUnit.SECONDS)) {
      throw new AssertionError("the server did not end in " + PATIENCE + " s: " + errors());
    }
    return process.exitValue();
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
