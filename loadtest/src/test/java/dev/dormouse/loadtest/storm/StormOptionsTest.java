package dev.dormouse.loadtest.storm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.dormouse.loadtest.Arguments;
import java.util.List;
import org.junit.jupiter.api.Test;

class StormOptionsTest {
  @Test
  void an_hour_unless_said() {
    assertThat(StormOptions.parse(List.of()).minutes()).isEqualTo(60);
  }

  @Test
  void the_command_gives_the_same_again() {
    StormOptions options = StormOptions.parse(List.of("--minutes", "3", "--seed", "7"));

    List<String> words = List.of(options.command().split(" ", -1));
    assertThat(StormOptions.parse(words.subList(1, words.size()))).isEqualTo(options);
  }

  @Test
  void what_is_not_known_is_refused() {
    assertThatExceptionOfType(Arguments.Misunderstood.class)
        .isThrownBy(() -> StormOptions.parse(List.of("--hours", "1")));
  }
}
