package dev.dormouse.fuzz;

import dev.dormouse.server.SettingsFuzz;
import dev.dormouse.server.http.AdminFuzz;
import dev.dormouse.server.jetty.FrameFuzz;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/// What is fuzzed; each has its corpus in `src/test/fuzz/{name}`.
enum FuzzTarget {
  FRAMES(FrameFuzz.class, FrameFuzz::fuzzerTestOneInput),
  YJS(YjsFuzz.class, YjsFuzz::fuzzerTestOneInput),
  SETTINGS(SettingsFuzz.class, SettingsFuzz::fuzzerTestOneInput),
  ADMIN(AdminFuzz.class, AdminFuzz::fuzzerTestOneInput);

  private static final Path CORPORA = Path.of("src", "test", "fuzz");

  private final Class<?> target;
  private final Run run;

  FuzzTarget(Class<?> target, Run run) {
    this.target = target;
    this.run = run;
  }

  /// Takes one input.
  @FunctionalInterface
  interface Run {
    void on(byte[] input) throws Exception;
  }

  String className() {
    return target.getName();
  }

  void run(byte[] input) throws Exception {
    run.on(input);
  }

  /// Its name on the command line and in folders.
  String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  Path corpus() {
    return CORPORA.resolve(word());
  }

  /// The inputs that were kept, in order of their names.
  List<Path> inputs() throws IOException {
    try (Stream<Path> files = Files.list(corpus())) {
      return files.sorted().toList();
    }
  }
}
