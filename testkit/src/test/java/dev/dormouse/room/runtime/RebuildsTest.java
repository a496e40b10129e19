package dev.dormouse.room.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// T6: the arithmetic of rest.
class RebuildsTest {
  private final Rebuilds rebuilds = new Rebuilds();
  private long now = -5_000_000_000_000L;

  private Optional<Duration> failedAfter(Duration pause, boolean starting) {
    now += pause.toNanos();
    return rebuilds.failed(now, starting);
  }

  private static Duration seconds(long seconds) {
    return Duration.ofSeconds(seconds);
  }

  @Test
  void four_failures_in_ten_seconds_are_borne_and_the_fifth_brings_rest() {
    for (int i = 0; i < 4; i++) {
      assertThat(failedAfter(seconds(2), false)).isEmpty();
    }
    assertThat(failedAfter(seconds(2), false)).contains(seconds(1));
  }

  @Test
  void failures_that_are_further_apart_are_borne_for_ever() {
    for (int i = 0; i < 100; i++) {
      assertThat(failedAfter(Duration.ofMillis(2_501), false)).isEmpty();
    }
  }

  @Test
  void a_failed_start_brings_rest_at_once_doubled_each_time_up_to_thirty_seconds() {
    Duration rest = Duration.ZERO;
    for (int expected : new int[] {1, 2, 4, 8, 16, 30, 30}) {
      Optional<Duration> next = failedAfter(rest, true);
      assertThat(next).contains(seconds(expected));
      rest = next.orElseThrow();
    }
  }

  @Test
  void thirty_seconds_without_a_failure_after_the_rest_make_it_short_again() {
    assertThat(failedAfter(Duration.ZERO, true)).contains(seconds(1));
    assertThat(failedAfter(seconds(1), true)).contains(seconds(2));
    assertThat(failedAfter(seconds(2 + 30), true)).contains(seconds(4));
    assertThat(failedAfter(seconds(4 + 31), true)).contains(seconds(1));
  }
}
