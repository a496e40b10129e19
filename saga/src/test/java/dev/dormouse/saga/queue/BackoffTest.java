package dev.dormouse.saga.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BackoffTest {
  private final Backoff backoff = new Backoff(Duration.ofSeconds(1), 2, Duration.ofSeconds(10));

  @Test
  void it_grows_to_its_cap_and_lies_between_half_and_the_whole() {
    for (int i = 0; i < 1_000; i++) {
      String key = "k" + i;
      assertThat(backoff.after(1, key)).isBetween(500L, 1_000L);
      assertThat(backoff.after(3, key)).isBetween(2_000L, 4_000L);
      assertThat(backoff.after(101, key)).isBetween(5_000L, 10_000L);
    }
  }

  @Test
  void it_is_the_same_for_the_same_key_and_attempt_and_spread_over_keys() {
    assertThat(backoff.after(2, "k")).isEqualTo(backoff.after(2, "k"));
    assertThat(IntStream.range(0, 100).mapToLong(i -> backoff.after(1, "k" + i)).distinct())
        .hasSizeGreaterThan(70);
  }

  @Test
  void one_that_shrinks_is_refused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Backoff(Duration.ofSeconds(1), 0.5, Duration.ofSeconds(10)));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Backoff(Duration.ofSeconds(2), 2, Duration.ofSeconds(1)));
  }
}
