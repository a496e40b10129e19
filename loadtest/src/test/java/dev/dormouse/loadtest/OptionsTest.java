package dev.dormouse.loadtest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OptionsTest {
  @Test
  void without_options_everything_is_measured_beside_the_peer() {
    Options options = parse();

    assertThat(options.cases()).containsExactly(Case.values());
    assertThat(options.peer()).isTrue();
    assertThat(options.warmUp()).isEqualTo(Duration.ofSeconds(2));
    assertThat(options.measured()).isEqualTo(Duration.ofSeconds(5));
  }

  @Test
  void each_option_is_understood() {
    Options options =
        parse(
            "--seconds",
            "0.5",
            "--warm-up",
            "1",
            "--repeat",
            "3",
            "--starts",
            "2",
            "--patience",
            "60",
            "--only",
            "echo,cas-1",
            "--target",
            "http://127.0.0.1:9000",
            "--pid",
            "12",
            "--json",
            "f.json",
            "--no-peer");

    assertThat(options.measured()).isEqualTo(Duration.ofMillis(500));
    assertThat(options.warmUp()).isEqualTo(Duration.ofSeconds(1));
    assertThat(options.repeat()).isEqualTo(3);
    assertThat(options.starts()).isEqualTo(2);
    assertThat(options.patience()).isEqualTo(Duration.ofMinutes(1));
    assertThat(options.cases()).containsExactly(Case.ECHO, Case.CAS);
    assertThat(options.target()).contains(URI.create("http://127.0.0.1:9000"));
    assertThat(options.pid()).contains(12L);
    assertThat(options.json()).contains(Path.of("f.json"));
    assertThat(options.peer()).isFalse();
  }

  @Test
  void a_smoke_run_is_short_and_alone() {
    Options options = parse("--smoke");

    assertThat(options.smoke()).isTrue();
    assertThat(options.peer()).isFalse();
    assertThat(options.measured()).isEqualTo(Duration.ofMillis(500));
    assertThat(options.cases()).containsExactly(Case.values());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--fast",
        "--seconds",
        "--seconds x",
        "--seconds -1",
        "--seconds NaN",
        "--repeat 0",
        "--only echoes",
        "--target 127.0.0.1:9000",
        "--target http://127.0.0.1"
      })
  void what_cannot_be_understood_is_refused(String line) {
    assertThatExceptionOfType(Options.Misunderstood.class)
        .isThrownBy(() -> parse(line.split(" ", -1)));
  }

  private static Options parse(String... arguments) {
    return Options.parse(List.of(arguments));
  }
}
