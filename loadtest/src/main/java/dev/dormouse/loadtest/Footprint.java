package dev.dormouse.loadtest;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What a process holds in memory.
///
/// @param resident bytes of it in RAM (`VmRSS`)
/// @param heap its live objects, if it is a JVM
public record Footprint(long resident, Optional<Histogram> heap) {
  private static final Pattern RESIDENT =
      Pattern.compile("^VmRSS:\\s+([0-9]+) kB", Pattern.MULTILINE);

  /// Takes it now, in a JVM after two full collections: the second finds what only a reference that
  /// the first one cleared has held. Blocks for them.
  ///
  /// @throws StartException if the process is gone or does not tell
  public static Footprint of(ProcessHandle process) throws IOException {
    Optional<Histogram> heap = Optional.empty();
    if (process.info().command().orElse("").endsWith("/java")) {
      jcmd(process, "GC.run");
      heap = Optional.of(Histogram.parse(jcmd(process, "GC.class_histogram")));
    }
    Path status = Path.of("/proc", String.valueOf(process.pid()), "status");
    if (!Files.isReadable(status)) {
      throw new StartException("no " + status + ": memory can only be measured on Linux");
    }
    return new Footprint(resident(Files.readString(status)), heap);
  }

  /// @param status of a process, as `/proc/<pid>/status` has it
  public static long resident(String status) {
    Matcher resident = RESIDENT.matcher(status);
    if (!resident.find()) {
      throw new StartException("a process without VmRSS has ended");
    }
    return Long.parseLong(resident.group(1)) << 10;
  }

  /// With the `jcmd` of the JDK that runs this program.
  private static String jcmd(ProcessHandle process, String command) throws IOException {
    Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
    Process running =
        new ProcessBuilder(jcmd.toString(), String.valueOf(process.pid()), command)
            .redirectErrorStream(true)
            .start();
    String said = new String(running.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    try {
      if (running.waitFor() != 0) {
        throw new StartException("jcmd " + command + " failed: " + said);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new WireException("interrupted while jcmd ran", e);
    }
    return said;
  }
}
