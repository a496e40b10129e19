package dev.dormouse.loadtest;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.OptionalDouble;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;

class WakesTest {
  private static final Span SPAN =
      new Span(2, OptionalDouble.of(1), 0.25, OptionalDouble.of(0.125));

  private final Wakes wakes = new Wakes();

  @Test
  void rooms_built_once_more_were_woken_by_the_first_message() {
    wakes.add(longs(1, 1), longs(2, 2), longs(2_000_000, 2_000_000), longs(50_000, 50_000));

    Sample sample = wakes.sample(SPAN);
    assertThat(sample.figures()).containsEntry(Measure.WOKEN, 100.0);
    near(sample, Measure.WAKE_P50, 2);
    near(sample, Measure.WAKE_P99, 2);
    near(sample, Measure.AWAKE_P50, 0.05);
    assertThat(sample.remarks()).containsExactly("2 of 2 were wakes");
  }

  @Test
  void without_a_wake_there_is_no_figure_of_one() {
    wakes.add(longs(1, 7), longs(1, 7), longs(1, 1), longs(50_000, 50_000));

    Sample sample = wakes.sample(SPAN);
    assertThat(sample.figures())
        .containsEntry(Measure.WOKEN, 0.0)
        .doesNotContainKeys(Measure.WAKE_P50, Measure.WAKE_P99);
    near(sample, Measure.AWAKE_P50, 0.05);
    assertThat(sample.remarks())
        .containsExactly("0 of 2 were wakes; no room ever slept, so there are no figures of wakes");
  }

  @Test
  void a_message_that_found_its_room_awake_makes_wakes_no_faster() {
    wakes.add(
        longs(1, 1, 1), longs(2, 1, 1), longs(2_000_000, 9, 9), longs(50_000, 50_000, 50_000));

    Sample sample = wakes.sample(SPAN);
    near(sample, Measure.WAKE_P50, 2);
    assertThat(sample.remarks())
        .containsExactly("1 of 3 were wakes; only those are in the figures");
  }

  @Test
  void a_room_that_slept_between_its_two_messages_counts_for_neither() {
    wakes.add(longs(1, 1), longs(2, 3), longs(1_000, 9_000_000), longs(1_000, 9_000_000));

    Sample sample = wakes.sample(SPAN);
    assertThat(sample.figures()).containsEntry(Measure.WOKEN, 50.0);
    near(sample, Measure.WAKE_P99, 0.001);
    near(sample, Measure.AWAKE_P99, 0.001);
  }

  @Test
  void rounds_add_up_and_one_slow_wake_of_many_shows_in_p99_only_when_it_is_the_hundredth() {
    for (int round = 0; round < 98; round++) {
      wakes.add(longs(1), longs(2), longs(1_000_000), longs(1_000));
    }
    wakes.add(longs(1, 1), longs(2, 2), longs(9_000_000, 9_000_000), longs(1_000, 1_000));

    Sample sample = wakes.sample(SPAN);
    assertThat(sample.remarks()).containsExactly("100 of 100 were wakes");
    near(sample, Measure.WAKE_P50, 1);
    near(sample, Measure.WAKE_P99, 9);
  }

  @Test
  void load_by_others_is_kept() {
    assertThat(wakes.sample(SPAN).otherCores()).hasValue(0.125);
    assertThat(wakes.sample(SPAN).serverCores()).hasValue(0.5);
  }

  private static void near(Sample sample, Measure measure, double millis) {
    assertThat(sample.figures().get(measure)).isCloseTo(millis, Percentage.withPercentage(1));
  }

  private static long[] longs(long... values) {
    return values;
  }
}
