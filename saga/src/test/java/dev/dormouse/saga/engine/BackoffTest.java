package dev.dormouse.saga.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dormouse.saga.RetryPolicy;
import java.time.Duration;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BackoffTest {
  private static RetryPolicy policy(double jitter) {
    return RetryPolicy.of(100, Duration.ofSeconds(1), 2, Duration.ofSeconds(10), jitter);
  }

  @Test
  void waits_grow_up_to_their_limit() {
    assertThat(IntStream.of(1, 2, 3, 4, 5, 90).mapToLong(n -> wait(policy(0), "a", n)))
        .containsExactly(1_000L, 2_000L, 4_000L, 8_000L, 10_000L, 10_000L);
  }

  @Test
  void jitter_spreads_sagas_and_is_the_same_whenever_it_is_asked_for() {
    long[] waits =
        IntStream.range(0, 1_000).mapToLong(n -> wait(policy(0.5), "saga-" + n, 1)).toArray();

    assertThat(Arrays.stream(waits)).allMatch(wait -> wait >= 500 && wait <= 1_000);
    assertThat(IntStream.range(0, 1_000).mapToLong(n -> wait(policy(0.5), "saga-" + n, 1)))
        .containsExactly(Arrays.stream(waits).boxed().toArray(Long[]::new));
    assertThat(Arrays.stream(waits).distinct().count()).isGreaterThan(300);
    assertThat(Arrays.stream(waits).average().orElseThrow()).isBetween(730.0, 770.0);
  }

  private static long wait(RetryPolicy policy, String saga, int attempt) {
    return Backoff.millis(policy, saga, 0, Way.DO, attempt);
  }
}
