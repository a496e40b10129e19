package dev.dormouse.loadtest.storm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.dormouse.loadtest.Arguments;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StormOptionsTest {
  @Test
  void an_hour_unless_said() {
    assertThat(StormOptions.parse(List.of()).minutes()).isEqualTo(60);
  }

  @ParameterizedTest
  @ValueSource(strings = {"--minutes 3 --seed 7", "--within 20 --seed 8", "--smoke --seed 9"})
  void the_command_gives_the_same_again(String line) {
    StormOptions options = StormOptions.parse(List.of(line.split(" ", -1)));

    List<String> words = List.of(options.command().split(" ", -1));
    assertThat(StormOptions.parse(words.subList(1, words.size()))).isEqualTo(options);
  }

  @Test
  void what_is_not_known_is_refused() {
    assertThatExceptionOfType(Arguments.Misunderstood.class)
        .isThrownBy(() -> StormOptions.parse(List.of("--hours", "1")));
  }
}
