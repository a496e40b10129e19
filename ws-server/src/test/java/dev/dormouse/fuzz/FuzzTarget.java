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
  FRAMES(FrameFuzz.class),
  YJS(YjsFuzz.class),
  SETTINGS(SettingsFuzz.class),
  ADMIN(AdminFuzz.class);

  private static final Path CORPORA = Path.of("src", "test", "fuzz");

  private final Class<?> target;

  FuzzTarget(Class<?> target) {
    this.target = target;
  }

  String className() {
    return target.getName();
  }

  /// Has the target take one input; it throws if anything is not as it should be.
  void run(byte[] input) throws Exception {
    switch (this) {
      case FRAMES -> FrameFuzz.fuzzerTestOneInput(input);
      case YJS -> YjsFuzz.fuzzerTestOneInput(input);
      case SETTINGS -> SettingsFuzz.fuzzerTestOneInput(input);
      case ADMIN -> AdminFuzz.fuzzerTestOneInput(input);
    }
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
