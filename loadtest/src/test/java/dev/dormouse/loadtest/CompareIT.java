package dev.dormouse.loadtest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The command itself against our own server, for half a second a case: is every answer right?
class CompareIT {
  /// Enough for a machine where the server has yet to be built.
  private static final long MINUTES = 10;

  @Test
  void every_answer_of_our_server_is_right(@TempDir Path folder) throws Exception {
    File output = folder.resolve("output").toFile();
    Path figures = folder.resolve("figures.json");
    Process compare =
        new ProcessBuilder("./compare", "--smoke", "--json", figures.toString())
            .redirectErrorStream(true)
            .redirectOutput(output)
            .start();
    boolean ended = compare.waitFor(MINUTES, TimeUnit.MINUTES);
    if (!ended) {
      compare.destroy();
    }
    String said = Files.readString(output.toPath(), StandardCharsets.UTF_8);

    assertThat(ended).as("ended in time; it said: %s", said).isTrue();
    assertThat(compare.exitValue()).as("exit code; it said: %s", said).isZero();
    assertThat(said).endsWith("Every answer was right.\n");
    for (Case one : Case.values()) {
      assertThat(Files.readString(figures)).contains("\"case\":\"" + one.key() + "\"");
    }
  }
}
