package dev.dormouse.loadtest.figures;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class TimesTest {
  private static final double[] PERCENTS = {1, 50, 90, 99, 99.9, 100};

  @Test
  void the_times_of_several_processes_together_are_exactly_those_of_one() {
    SplittableRandom random = new SplittableRandom(7);
    Times together = new Times();
    Times merged = new Times();
    for (int process = 0; process < 5; process++) {
      Times own = new Times();
      // Processes of different speed: the average of their percentiles would be far off.
      for (int i = 0; i < 1_000 * (process + 1); i++) {
        long micros = random.nextLong(100L << (3 * process));
        own.add(micros);
        together.add(micros);
      }
      merged.add(own.takeEncoded());
    }

    assertThat(merged.count()).isEqualTo(15_000);
    assertThat(merged.max()).isEqualTo(together.max());
    for (double percent : PERCENTS) {
      assertThat(merged.percentile(percent)).isEqualTo(together.percentile(percent));
    }
  }

  @Test
  void a_percentile_is_right_to_three_digits() {
    Times times = new Times();
    for (int i = 1; i <= 100_000; i++) {
      times.add(i);
    }

    assertThat(times.percentile(50)).isBetween(49_950L, 50_050L);
    assertThat(times.percentile(99)).isBetween(98_900L, 99_100L);
  }

  @Test
  void taking_them_starts_anew() {
    Times times = new Times();
    times.add(5);

    assertThat(times.takeEncoded()).isNotEmpty();
    assertThat(times.count()).isZero();
    assertThat(times.takeEncoded()).isEmpty();
    assertThat(times.percentile(99)).isZero();
  }

  @Test
  void what_is_too_long_or_negative_is_counted_at_the_end() {
    Times times = new Times();
    times.add(Long.MAX_VALUE);
    times.add(-1);

    assertThat(times.count()).isEqualTo(2);
    assertThat(times.max()).isGreaterThanOrEqualTo(600_000_000);
    assertThat(times.percentile(1)).isZero();
  }

  @Test
  void other_text_is_refused() {
    assertThatIllegalArgumentException().isThrownBy(() -> new Times().add("HISTxx"));
  }
}
