package dev.dormouse.loadtest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class GrowthTest {
  private static final String HISTOGRAM =
      """
      4242:
       num     #instances         #bytes  class name (module)
      -------------------------------------------------------
         1:         21513        1840208  [B (java.base@25.0.3)
         2:         20000         640000  java.util.HashMap$Node (java.base@25.0.3)
         3:             2             64  com.example.Twice
         4:             1             32  com.example.Twice
      Total         41516        2480304
      """;

  @Test
  void a_histogram_is_read_as_jcmd_prints_it() {
    assertThat(Histogram.parse(HISTOGRAM))
        .isEqualTo(
            new Histogram(
                Map.of(
                    "[B", 1_840_208L, "java.util.HashMap$Node", 640_000L, "com.example.Twice", 96L),
                2_480_304));
  }

  @Test
  void what_jcmd_says_else_is_an_error() {
    assertThatExceptionOfType(StartException.class)
        .isThrownBy(() -> Histogram.parse("4242:\nUnknown diagnostic command\n"))
        .withMessageContaining("Unknown diagnostic command");
  }

  @Test
  void the_resident_size_is_given_in_units_of_1024_bytes() {
    assertThat(Footprint.resident("VmHWM:\t   90000 kB\nVmRSS:\t   58204 kB\nRssAnon:\t 1 kB\n"))
        .isEqualTo(58_204L * 1_024);
    assertThatExceptionOfType(StartException.class)
        .isThrownBy(() -> Footprint.resident("State:\tZ (zombie)\n"));
  }

  @Test
  void growth_is_told_for_each_with_what_the_heap_is_made_of() {
    Footprint before = jvm(50_000_000, Map.of("A", 1_000L, "Gone", 500_000L));
    Footprint after = jvm(54_000_000, Map.of("A", 101_000L, "B", 700_000L, "Few", 400L));

    Sample sample = new Growth("connections", 1_000, 1_000, 20, 20, before, after).sample();

    assertThat(sample.figures())
        .containsOnly(Map.entry(Measure.RSS, 4_000.0), Map.entry(Measure.HEAP, 300.4));
    assertThat(sample.remarks())
        .containsExactly(
            "20 of 20 rooms looked at had slept",
            "1,000 connections: RSS from 50.0 to 54.0 MB, heap from 0.5 to 0.8 MB",
            "bytes of heap each, by class: B 700, A 100");
  }

  @Test
  void of_another_program_only_the_resident_size_is_known() {
    Sample sample = new Growth("rooms", 10, 10, 10, 9, native_(1_000), native_(2_000)).sample();

    assertThat(sample.figures()).containsOnly(Map.entry(Measure.RSS, 100.0));
    assertThat(sample.remarks()).first().isEqualTo("9 of 10 rooms looked at had slept");
  }

  @Test
  void without_sleep_there_are_no_figures_but_those_of_awake_rooms_are_told() {
    Sample sample =
        new Growth(
                "rooms", 10, 10, 10, 0, jvm(0, Map.of("A", 100L)), jvm(20_000, Map.of("A", 5_100L)))
            .sample();

    assertThat(sample.figures()).isEmpty();
    assertThat(sample.remarks())
        .startsWith(
            "0 of 10 rooms looked at had slept",
            "awake they take 2,000 bytes of RSS each and 500 of heap");
  }

  @Test
  void fewer_than_wanted_are_told() {
    assertThat(
            new Growth("connections", 9_390, 19_500, 20, 20, native_(0), native_(1))
                .sample()
                .remarks())
        .first()
        .isEqualTo("only 9,390 of 19,500 connections: its descriptors take no more");
  }

  private static Footprint jvm(long resident, Map<String, Long> heap) {
    long total = heap.values().stream().mapToLong(Long::longValue).sum();
    return new Footprint(resident, Optional.of(new Histogram(heap, total)));
  }

  private static Footprint native_(long resident) {
    return new Footprint(resident, Optional.empty());
  }
}
