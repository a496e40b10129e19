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
            "--rooms",
            "300",
            "--rounds",
            "4",
            "--sleep",
            "15",
            "--connections",
            "19500",
            "--used-rooms",
            "1000",
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
    assertThat(options.scale()).isEqualTo(new Scale(300, 4, Duration.ofSeconds(15), 19_500, 1_000));
    assertThat(options.peer()).isFalse();
  }

  @Test
  void rooms_sleep_longer_than_either_server_needs_unless_told_otherwise() {
    assertThat(parse().scale()).isEqualTo(new Scale(200, 3, Duration.ofSeconds(12), 5_000, 20_000));
    assertThat(parse("--only", "wake,memory-rooms,memory-room,memory-used").cases())
        .containsExactly(Case.WAKE, Case.MEMORY_ROOMS, Case.MEMORY_ROOM, Case.MEMORY_USED);
  }

  @Test
  void what_stands_behind_smoke_changes_it() {
    assertThat(parse("--smoke", "--sleep", "12").scale())
        .isEqualTo(Scale.SMOKE.withSleep(Duration.ofSeconds(12)));
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
        "--rooms 0",
        "--rooms 1001",
        "--connections x",
        "--sleep -1",
        "--only echoes",
        "--target 127.0.0.1:9000",
        "--target http://127.0.0.1"
      })
  void what_cannot_be_understood_is_refused(String line) {
    assertThatExceptionOfType(Arguments.Misunderstood.class)
        .isThrownBy(() -> parse(line.split(" ", -1)));
  }

  private static Options parse(String... arguments) {
    return Options.parse(List.of(arguments));
  }
}
