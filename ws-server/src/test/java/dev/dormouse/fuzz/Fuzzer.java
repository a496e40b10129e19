package dev.dormouse.fuzz;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// Jazzer in a process of its own, over one target. It starts from the target's corpus, and leaves
/// what it adds, and what it broke something with, in the folder that it is given.
///
/// @param folder gets `new`, the inputs that reached something new; `broken`, those that a target
///   threw at; and the fuzzer's words
record Fuzzer(FuzzTarget target, Path folder) {
  private static final long TO_START_AND_END = 120;

  /// The last line that says how far it is: inputs, and edges of the code that they reached.
  private static final Pattern PROGRESS =
      Pattern.compile("(?m)^#(\\d+)\\s+\\w+\\s+cov: (\\d+).*? corp: (\\d+)/");

  /// @param inputs how many it tried
  /// @param reached edges of the instrumented code
  /// @param kept inputs that each reached something of their own
  /// @param broken inputs that a target threw at, or took too long or too much memory for
  /// @param log what the fuzzer said
  record Outcome(long inputs, int reached, int kept, List<Path> broken, Path log) {}

  /// Lets it work for so long.
  ///
  /// @throws IOException if it ends in another way than after its time, or for what it found
  Outcome run(long seconds) throws IOException, InterruptedException {
    Path log = folder.resolve("log.txt");
    Path found = Files.createDirectories(folder.resolve("new"));
    Path broken = Files.createDirectories(folder.resolve("broken"));
    Process process =
        new ProcessBuilder(command(seconds, found, broken))
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    try {
      if (!process.waitFor(seconds + TO_START_AND_END, TimeUnit.SECONDS)) {
        throw new IOException("the fuzzer does not end: see " + log);
      }
    } finally {
      process.destroyForcibly();
    }
    Outcome outcome = read(log, broken);
    if (process.exitValue() != 0 && outcome.broken().isEmpty()) {
      throw new IOException("the fuzzer ended with %d: see %s".formatted(process.exitValue(), log));
    }
    return outcome;
  }

  private List<String> command(long seconds, Path found, Path broken) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:+UseSerialGC", "-Xmx700m", "-XX:+EnableDynamicAgentLoading"));
    command.add("--enable-native-access=ALL-UNNAMED");
    command.addAll(List.of("-cp", classPath(), "com.code_intelligence.jazzer.Jazzer"));
    command.add("--target_class=" + target.className());
    command.add("--instrumentation_includes=dev.dormouse.**");
    command.add("--custom_hook_includes=dev.dormouse.**");
    // Runs on virtual threads, where the fuzzer's own native code can crash (seen on JDK 25.0.3 in
    // its hook for comparisons); what is fuzzed lies before it.
    command.add("--instrumentation_excludes=dev.dormouse.room.runtime.**");
    // A target that asks a server over loopback is not led astray.
    command.add(
        "--disabled_hooks=com.code_intelligence.jazzer.sanitizers.ServerSideRequestForgery");
    command.add("--reproducer_path=" + folder);
    command.add("-artifact_prefix=" + broken + "/");
    command.add("-max_total_time=" + seconds);
    command.addAll(List.of("-timeout=30", "-rss_limit_mb=3000", "-max_len=4096"));
    command.add(found.toString());
    command.add(target.corpus().toString());
    return command;
  }

  private static String classPath() {
    return System.getProperty(
        "surefire.test.class.path", System.getProperty("java.class.path", ""));
  }

  private static Outcome read(Path log, Path broken) throws IOException {
    Matcher progress = PROGRESS.matcher(Files.readString(log));
    long inputs = 0;
    int reached = 0;
    int kept = 0;
    while (progress.find()) {
      inputs = Long.parseLong(progress.group(1));
      reached = Integer.parseInt(progress.group(2));
      kept = Integer.parseInt(progress.group(3));
    }
    try (Stream<Path> files = Files.list(broken)) {
      return new Outcome(inputs, reached, kept, files.sorted().toList(), log);
    }
  }
}
