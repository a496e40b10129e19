package dev.dormouse.saga.log;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// Processes that tests start, on this JVM and its class path.
final class ChildJvm {
  static final List<String> FLAGS =
      List.of(
          "--add-exports=java.base/jdk.internal.ref=ALL-UNNAMED",
          "--add-opens=java.base/sun.nio.ch=ALL-UNNAMED",
          "--add-opens=java.base/java.lang.reflect=ALL-UNNAMED",
          "--sun-misc-unsafe-memory-access=allow");

  private ChildJvm() {}

  static ProcessBuilder of(Class<?> main, List<String> flags, Path errors, String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(ProcessHandle.current().info().command().orElseThrow());
    command.addAll(flags);
    command.addAll(List.of("-Xmx128m", "-XX:TieredStopAtLevel=1"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
    command.addAll(List.of(arguments));
    return new ProcessBuilder(command).redirectError(errors.toFile());
  }

  /// Not through the process itself, which would close its output with what it still has to say.
  static void sendKill(Process process) {
    process.toHandle().destroyForcibly();
  }

  static void awaitEnd(Process process) throws InterruptedException {
    if (!process.waitFor(30, TimeUnit.SECONDS)) {
      sendKill(process);
      throw new AssertionError("process " + process.pid() + " does not end");
    }
  }
}
