package dev.dormouse.loadtest.sagas;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The command itself against our own server.
class SagasIT {
  /// Enough for a machine where the server has yet to be built.
  private static final long MINUTES = 10;

  @TempDir Path folder;

  private String said(String... options) throws Exception {
    File output = folder.resolve("output").toFile();
    List<String> command = new ArrayList<>(List.of("./sagas"));
    command.addAll(List.of(options));
    Process sagas =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output).start();
    boolean ended = sagas.waitFor(MINUTES, TimeUnit.MINUTES);
    if (!ended) {
      sagas.destroy();
    }
    String said = Files.readString(output.toPath(), StandardCharsets.UTF_8);
    assertThat(ended).as("ended in time; it said: %s", said).isTrue();
    assertThat(sagas.exitValue()).as("exit code; it said: %s", said).isZero();
    return said;
  }

  @Test
  void every_saga_ends_as_it_should_and_every_object_has_counted_it() throws Exception {
    assertThat(said("--smoke")).endsWith("Every answer was right.\n");
  }

  /// The bound is for a machine that does much else besides; `docs/performance.md` has a figure.
  @Test
  void ten_thousand_overdue_sagas_are_settled_after_a_kill() throws Exception {
    assertThat(said("--overdue", "10000", "--within", "90")).endsWith("of being ready: yes\n");
  }

  @Test
  void a_thousand_overdue_alarms_ring_after_a_kill() throws Exception {
    assertThat(said("--alarms", "1000", "--per-room", "1", "--due-after", "20", "--within", "30"))
        .endsWith("of being ready: yes\n");
  }

  @Test
  void sagas_sleep_and_go_on() throws Exception {
    assertThat(said("--sleeping", "500"))
        .endsWith("500 of them were answered then, and all of those ended\n");
  }
}
