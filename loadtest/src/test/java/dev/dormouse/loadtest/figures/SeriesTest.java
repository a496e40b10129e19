package dev.dormouse.loadtest.figures;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class SeriesTest {
  @Test
  void a_line_is_read_as_it_was_written() {
    Tick tick = new Tick(100, 1, 2, 3, 4, 5, 6, 7, 8, 9, times(1_500), times(20));

    assertThat(Tick.parse(tick.json())).isEqualTo(tick);
    assertThat(tick.lost()).isEqualTo(3 + 4 + 7 + 8);
    assertThat(tick.json()).contains("\"p50\":1500").contains("\"maxLag\":20");
  }

  @Test
  void seconds_are_added_up_and_times_put_together() {
    Series series = new Series();
    series.add("a", tick(10, 5, times(1_000)));
    series.add("b", tick(10, 7, times(2_000)));

    List<Tick> merged = series.merged();

    assertThat(merged).hasSize(1);
    assertThat(merged.getFirst().open()).isEqualTo(12);
    Times all = new Times().add(merged.getFirst().waits());
    assertThat(all.count()).isEqualTo(2);
    assertThat(all.max()).isEqualTo(2_000);
  }

  @Test
  void a_process_that_misses_a_second_stands_as_before_but_its_times_count_once() {
    Series series = new Series();
    series.add("a", tick(10, 5, times(1_000)));
    series.add("b", tick(11, 7, times(2_000)));
    series.add("a", tick(12, 6, ""));

    List<Tick> merged = series.merged();

    assertThat(merged).extracting(Tick::second).containsExactly(10L, 11L, 12L);
    assertThat(merged).extracting(Tick::open).containsExactly(5L, 12L, 13L);
    Times all = new Times();
    merged.forEach(tick -> all.add(tick.waits()));
    assertThat(all.count()).isEqualTo(2);
  }

  @Test
  void how_it_stands_now_is_the_newest_line_of_each() {
    Series series = new Series();
    assertThat(series.now()).isEmpty();
    series.add("a", tick(10, 5, ""));
    series.add("a", tick(11, 8, ""));
    series.add("b", tick(10, 1, ""));

    assertThat(series.now().orElseThrow().open()).isEqualTo(9);
    assertThat(series.byProcess().keySet()).containsExactly("a", "b");
  }

  private static Tick tick(long second, long open, String waits) {
    return new Tick(second, open, 0, 0, 0, 0, 0, 0, 0, 0, waits, "");
  }

  private static String times(long micros) {
    Times times = new Times();
    times.add(micros);
    return times.takeEncoded();
  }
}
