package dev.dormouse.loadtest;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class ReportTest {
  private final Results results = new Results();

  @Test
  void a_case_has_a_row_for_each_measure_with_budget_ours_peers_and_ratio() {
    results.add(Case.ECHO, "Ours", echo(95_000, 12, 0.5, 0.1));
    results.add(Case.ECHO, "Peer", echo(40_000, 24, 0.5, 0.1));

    assertThat(report(Optional.of("Peer")))
        .contains("| case | measure | budget | Ours | Peer | times better |")
        .contains(
            "| echo, 100 connections | rate, per second | ≥ 90,000 | 95,000 ✓ | 40,000 | 2.4 |")
        .contains(
            "| echo, 100 connections | server CPU, µs each | ≤ 10.0 | 12.0 **missed** | 24.0 | 2.0 |");
  }

  @Test
  void several_runs_give_their_median_and_their_range() {
    results.add(Case.ECHO, "Ours", echo(70_000, 12, 0.5, 0.1));
    results.add(Case.ECHO, "Ours", echo(99_000, 9, 0.5, 0.1));
    results.add(Case.ECHO, "Ours", echo(91_000, 8, 0.5, 0.1));

    assertThat(report(Optional.empty()))
        .contains("| ≥ 90,000 | 91,000 (70,000–99,000) ✓ |")
        .contains("| ≤ 10.0 | 9.0 (8.0–12.0) ✓ |");
  }

  @Test
  void without_a_peer_there_are_no_columns_for_one() {
    results.add(Case.START, "Ours", Sample.ofStart(1_600));

    assertThat(report(Optional.empty()))
        .contains("| case | measure | budget | Ours |\n|---|---|---|---|\n")
        .contains("| start to first answer | time, ms | ≤ 1,500 | 1,600 **missed** |\n");
  }

  @Test
  void a_ratio_below_one_says_that_the_peer_is_better() {
    results.add(Case.START, "Ours", Sample.ofStart(1_000));
    results.add(Case.START, "Peer", Sample.ofStart(50));

    assertThat(report(Optional.of("Peer"))).contains("| 1,000 ✓ | 50 | 0.05 |");
  }

  @Test
  void what_could_not_be_measured_is_a_dash() {
    results.add(Case.ECHO, "Ours", Sample.of(Map.of(Measure.RATE, 1.0), List.of()));

    assertThat(report(Optional.of("Peer")))
        .contains("| server CPU, µs each | ≤ 10.0 | – | – | – |");
  }

  @Test
  void wakes_that_were_none_have_no_figures_and_say_so() {
    results.add(
        Case.WAKE,
        "Ours",
        Sample.of(
            Map.of(Measure.WOKEN, 0.0, Measure.AWAKE_P50, 0.05), List.of("0 of 600 were wakes")));
    results.add(
        Case.WAKE,
        "Peer",
        Sample.of(
            Map.of(Measure.WOKEN, 100.0, Measure.WAKE_P50, 2.1, Measure.AWAKE_P50, 0.1),
            List.of()));

    assertThat(report(Optional.of("Peer")))
        .contains("| first message to a sleeping room | were asleep, % | – | 0 | 100 | – |")
        .contains("| p50 of a wake, ms | ≤ 0.400 | – | 2.100 | – |")
        .contains("| p50 when awake, ms | – | 0.050 | 0.100 | 2.0 |")
        .contains("- first message to a sleeping room, Ours: 0 of 600 were wakes\n");
  }

  @Test
  void growth_is_compared_unless_there_was_none() {
    results.add(Case.MEMORY_ROOM, "Ours", memory(2_048, 4_096));
    results.add(Case.MEMORY_ROOM, "Peer", Sample.of(Map.of(Measure.RSS, 65_536.0), List.of()));
    results.add(Case.MEMORY_USED, "Ours", memory(0, -10));
    results.add(Case.MEMORY_USED, "Peer", Sample.of(Map.of(Measure.RSS, 5.0), List.of()));

    assertThat(report(Optional.of("Peer")))
        .contains("| heap growth, bytes each | ≤ 128 | 2,048 **missed** | – | – |")
        .contains("| RSS growth, bytes each | ≤ 1,500 | 4,096 **missed** | 65,536 | 16.0 |")
        .contains("| RSS growth, bytes each | – | -10 | 5 | – |");
  }

  @Test
  void a_remark_of_several_runs_stands_once() {
    for (int run = 0; run < 2; run++) {
      results.add(Case.WAKE, "Ours", Sample.of(Map.of(), List.of("said")));
    }

    assertThat(report(Optional.empty())).containsOnlyOnce("Ours: said");
  }

  private static Sample memory(double heap, double resident) {
    return Sample.of(Map.of(Measure.HEAP, heap, Measure.RSS, resident), List.of());
  }

  @Test
  void command_and_machine_are_written_above() {
    results.add(Case.ECHO, "Ours", echo(1, 1, 0.5, 0.1));

    assertThat(report(Optional.empty())).startsWith("Command: `loadtest/compare`\n\n- cores: 2\n");
  }

  @Nested
  class Doubts {
    @Test
    void none_are_said_to_be_none() {
      results.add(Case.ECHO, "Ours", echo(1, 1, 0.5, 0.1));

      assertThat(report(Optional.empty())).contains("Nothing disturbed these figures");
    }

    @Test
    void figures_without_a_look_at_the_load_are_not_called_undisturbed() {
      results.add(Case.MEMORY_ROOM, "Ours", memory(1, 1));

      assertThat(report(Optional.empty())).doesNotContain("Nothing disturbed");
    }

    @Test
    void a_client_at_its_limit_is_named() {
      results.add(Case.ECHO, "Ours", echo(1, 1, 0.97, 0.1));

      assertThat(report(Optional.empty()))
          .contains(
              "Ours: the rate may be the client's limit, whose thread used up to 0.97 cores (1 of 1 runs)")
          .doesNotContain("Nothing disturbed");
    }

    @Test
    void load_by_others_is_named_with_its_height_and_how_often() {
      results.add(Case.ECHO, "Ours", echo(1, 1, 0.5, 0.1));
      results.add(Case.ECHO, "Ours", echo(1, 1, 0.5, 1.4));

      assertThat(report(Optional.empty()))
          .contains("Ours: disturbed by others, who used up to 1.40 cores (1 of 2 runs)");
    }
  }

  @Test
  void the_json_has_every_sample() {
    results.add(Case.ECHO, "Ours", echo(5, 1, 0.5, 0.25));
    results.add(Case.ECHO, "Peer", echo(6, 1, 0.5, 0.25));

    assertThat(Figures.json(reported(Optional.of("Peer"))))
        .startsWith("{\"command\":\"loadtest/compare\",\"machine\":{\"cores\":\"2\"},\"samples\":[")
        .contains("\"case\":\"echo\",\"server\":\"Ours\",\"perSecond\":5.0,")
        .contains("\"case\":\"echo\",\"server\":\"Peer\",\"perSecond\":6.0,")
        .contains("\"otherCores\":0.25");
  }

  @Test
  void json_escapes_what_it_must() {
    assertThat(Json.write(Map.of("a\"\\", "line\nline")))
        .isEqualTo("{\"a\\\"\\\\\":\"line\\u000aline\"}");
  }

  private static Sample echo(double rate, double cpu, double client, double others) {
    return new Sample(
        Map.of(Measure.RATE, rate, Measure.CPU, cpu, Measure.P50, 1.0, Measure.P99, 2.0),
        client,
        OptionalDouble.of(0.5),
        OptionalDouble.of(others),
        List.of());
  }

  private String report(Optional<String> peer) {
    return reported(peer).markdown();
  }

  private Report reported(Optional<String> peer) {
    return new Report("loadtest/compare", Map.of("cores", "2"), "Ours", peer, results);
  }
}
