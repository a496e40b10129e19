package dev.dormouse.loadtest;

import static org.assertj.core.api.Assertions.assertThat;

import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;

class LatenciesTest {
  private final Latencies latencies = new Latencies();

  @Test
  void nothing_measured_is_nothing() {
    assertThat(latencies.percentile(0.5)).isZero();
  }

  @Test
  void short_times_are_exact() {
    for (int nanos = 1; nanos <= 100; nanos++) {
      latencies.add(nanos);
    }

    assertThat(latencies.percentile(0.5)).isEqualTo(50);
    assertThat(latencies.percentile(0.99)).isEqualTo(99);
    assertThat(latencies.percentile(1)).isEqualTo(100);
  }

  @Test
  void long_times_are_right_to_one_percent() {
    for (long nanos = 1_000; nanos <= 100_000_000_000L; nanos = nanos * 21 / 20) {
      Latencies one = new Latencies();
      one.add(nanos);

      assertThat(one.percentile(0.5)).isCloseTo(nanos, Percentage.withPercentage(1));
      assertThat(one.percentile(0.5)).isGreaterThanOrEqualTo(nanos);
    }
  }

  @Test
  void one_slow_answer_among_many_shows_in_the_highest_percentile_only() {
    for (int i = 0; i < 999; i++) {
      latencies.add(1_000);
    }
    latencies.add(1_000_000_000);

    assertThat(latencies.percentile(0.99)).isCloseTo(1_000, Percentage.withPercentage(1));
    assertThat(latencies.percentile(1)).isCloseTo(1_000_000_000, Percentage.withPercentage(1));
  }

  @Test
  void what_is_off_the_scale_counts_as_its_end() {
    latencies.add(Long.MAX_VALUE);
    latencies.add(-1);

    assertThat(latencies.percentile(0.5)).isZero();
    assertThat(latencies.percentile(1)).isEqualTo((1L << 40) - 1);
  }
}
