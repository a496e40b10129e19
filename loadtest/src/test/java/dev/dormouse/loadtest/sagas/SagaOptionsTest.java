package dev.dormouse.loadtest.sagas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dormouse.loadtest.Arguments.Misunderstood;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SagaOptionsTest {

  private static SagaOptions parse(String line) {
    return SagaOptions.parse(line.isEmpty() ? List.of() : List.of(line.split(" ", -1)));
  }

  @Test
  void without_any_it_measures_beside_the_peer() {
    SagaOptions options = parse("");
    assertThat(options.atOnce()).containsExactly(1, 50);
    assertThat(options.peer()).isTrue();
    assertThat(options.sleeping()).isEmpty();
    assertThat(options.overdue()).isEmpty();
  }

  @Test
  void each_is_taken() {
    SagaOptions options = parse("--at-once 2,7 --seconds 3 --warm-up 1 --repeat 5 --no-peer");
    assertThat(options.atOnce()).containsExactly(2, 7);
    assertThat(options.measured()).isEqualTo(Duration.ofSeconds(3));
    assertThat(options.warmUp()).isEqualTo(Duration.ofSeconds(1));
    assertThat(options.repeat()).isEqualTo(5);
    assertThat(options.peer()).isFalse();
    options = parse("--overdue 10 --per-room 5 --due-after 20 --within 2");
    assertThat(options.overdue()).hasValue(10);
    assertThat(options.alarms()).isEmpty();
    assertThat(options.perRoom()).isEqualTo(5);
    assertThat(options.dueAfter()).isEqualTo(20);
    assertThat(options.within()).isEqualTo(Duration.ofSeconds(2));
    assertThat(parse("--alarms 7").alarms()).hasValue(7);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--what",
        "--at-once 0",
        "--at-once 1,x",
        "--objects 2",
        "--due-after 30",
        "--overdue",
        "--sleeping 1 --overdue 1",
        "--overdue 1 --alarms 1"
      })
  void what_it_does_not_understand_is_refused(String line) {
    assertThatThrownBy(() -> parse(line)).isInstanceOf(Misunderstood.class);
  }
}
