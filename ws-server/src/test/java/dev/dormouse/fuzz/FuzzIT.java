package dev.dormouse.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Locale;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// A few seconds of fuzzing with every build, `-Ddormouse.fuzz.seconds` of them for each target.
///
/// What is found is copied to `target/fuzz`; an input from there goes into the corpus with the
/// change that mends it. `loadtest/fuzz` lets it run for an hour each and writes a report.
class FuzzIT {
  private static final long SECONDS = Long.getLong("dormouse.fuzz.seconds", 3);
  private static final String ONLY = System.getProperty("dormouse.fuzz.only", "");
  private static final Path KEPT = Path.of("target", "fuzz");
  private static final StringBuilder TABLE = new StringBuilder();

  @ParameterizedTest
  @EnumSource
  void nothing_is_found_that_breaks(FuzzTarget target) throws Exception {
    if (!ONLY.isEmpty() && !ONLY.contains(target.word())) {
      return;
    }
    Path kept = Files.createDirectories(KEPT.resolve(target.word()));
    Fuzzer.Outcome outcome = new Fuzzer(target, kept.toAbsolutePath()).run(SECONDS);
    System.out.printf(
        "FuzzIT: %s: %,d inputs in %d s, %,d edges reached, %d inputs kept%n",
        target.word(), outcome.inputs(), SECONDS, outcome.reached(), outcome.kept());
    TABLE.append(
        "| %s | %,d | %,d | %,d | %d |%n"
            .formatted(
                target.word(),
                outcome.inputs(),
                outcome.reached(),
                outcome.kept(),
                outcome.broken().size()));
    assertThat(outcome.broken()).as("see %s", outcome.log()).isEmpty();
    assertThat(outcome.inputs()).as("see %s", outcome.log()).isGreaterThan(20);
    assertThat(outcome.reached()).as("see %s", outcome.log()).isGreaterThan(50);
  }

  @AfterAll
  static void report() throws IOException {
    String report = System.getProperty("dormouse.report", "");
    if (!report.isEmpty()) {
      Files.createDirectories(Path.of(report));
      Files.writeString(
          Path.of(report).resolve("README.md"),
          """
          # Fuzzing

          ```
          %s
          ```

          On %s, each target for %d minutes, one after the other, by Jazzer 0.26.0 on JDK %s, from \
          the committed corpus. What a target is and checks stands in its class in \
          `ws-server/src/test`.

          | target | inputs | edges reached | inputs kept | broke something |
          |---|---|---|---|---|
          %s\
          """
              .formatted(
                  System.getProperty("dormouse.command", ""),
                  LocalDate.now(ZoneOffset.UTC),
                  SECONDS / 60,
                  Runtime.version().toString().toLowerCase(Locale.ROOT),
                  TABLE));
    }
  }
}
