package dev.dormouse.loadtest;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The command itself against our own server, for half a second a case: is every answer right?
class CompareIT {
  @Test
  void every_answer_of_our_server_is_right(@TempDir Path folder) throws Exception {
    Path figures = folder.resolve("figures.json");

    assertThat(Typed.line("./compare", "--smoke", "--json", figures.toString()).well())
        .endsWith("Every answer was right.\n");
    for (Case one : Case.values()) {
      assertThat(Files.readString(figures)).contains("\"case\":\"" + one.key() + "\"");
    }
  }
}
