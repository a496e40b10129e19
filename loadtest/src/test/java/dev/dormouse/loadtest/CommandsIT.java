package dev.dormouse.loadtest;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The commands as they are typed: each says what it is for and refuses, before it does anything,
/// what it does not understand; and those that no other suite runs do what they are for, once.
class CommandsIT {
  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"compare", "crash", "fuzz", "hold", "million", "sagas", "soak", "storm"})
  void says_how_it_is_used_and_refuses_other_words(String command) throws Exception {
    assertThat(Typed.line("./" + command, "--help").well())
        .contains("usage: loadtest/" + command)
        .containsPattern("Needs|Takes|takes")
        .contains("eaves");

    for (String wrong : List.of("--furlongs", "furlong")) {
      Typed refused = Typed.line("./" + command, wrong);
      assertThat(refused.code()).as(refused.said()).isEqualTo(2);
      assertThat(refused.said())
          .contains("loadtest/%s: there is no option '%s'".formatted(command, wrong))
          .contains("usage: loadtest/" + command);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "./crash --minutes",
        "./crash --minutes soon",
        "./crash --seed -1",
        "./fuzz --only yjs,clouds",
        "./fuzz --minutes 0",
        "./soak 30 19000 10",
        "./soak --connections 999999999",
        "./storm --minutes 0",
        "./hold --target http://no-such-host.invalid:1",
        "./million --connections 0"
      })
  void refuses_what_cannot_be(String line) throws Exception {
    Typed refused = Typed.line(line.split(" ", -1));
    assertThat(refused.code()).as(refused.said()).isEqualTo(2);
    assertThat(refused.said()).contains("usage: ").doesNotContain("Exception");
  }

  @Test
  void a_soak_with_its_holder() throws Exception {
    Path report = folder.resolve("soak");

    Typed.line("./soak", "--smoke", "--report", report.toString()).well();
    assertThat(Files.readString(report.resolve("README.md")))
        .contains("In the end 100 were open")
        .contains("The holder ended with 0. Errors in the server's log: 0.");
  }

  @Test
  void a_small_million() throws Exception {
    Path report = folder.resolve("million");

    Typed.line(
            "./million",
            "--connections",
            "200",
            "--users",
            "0",
            "--minutes",
            "0.1",
            "--settle",
            "1",
            "--wake",
            "600",
            "--every",
            "1",
            "--report",
            report.toString())
        .well();
    assertThat(Files.readString(report.resolve("README.md"))).contains("# 200 connections");
    assertThat(report.resolve("connections.svg")).exists();
  }

  @Test
  void a_storm_of_one_fault() throws Exception {
    assertThat(Typed.line("./storm", "--smoke", "--seed", "1").well())
        .contains("**1 faults,")
        .contains(", 0 findings.**");
  }
}
