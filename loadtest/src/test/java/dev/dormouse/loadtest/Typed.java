package dev.dormouse.loadtest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// What became of a command that was typed in this module's folder.
///
/// @param said on both outputs
public record Typed(int code, String said) {
  /// Enough for a machine where the server has yet to be built.
  private static final long MINUTES = 10;

  /// Waits until it has ended, and ends it if it does not.
  public static Typed line(String... words) throws IOException, InterruptedException {
    Path output = Files.createTempFile("typed", ".txt");
    try {
      Process process =
          new ProcessBuilder(List.of(words))
              .redirectErrorStream(true)
              .redirectOutput(output.toFile())
              .start();
      boolean ended = process.waitFor(MINUTES, TimeUnit.MINUTES);
      if (!ended) {
        process.destroy();
      }
      String said = Files.readString(output);
      assertThat(ended).as("ended in time; it said: %s", said).isTrue();
      return new Typed(process.exitValue(), said);
    } finally {
      Files.delete(output);
    }
  }

  /// What it said, if it ended well.
  public String well() {
    assertThat(code).as("exit code; it said: %s", said).isZero();
    return said;
  }
}
