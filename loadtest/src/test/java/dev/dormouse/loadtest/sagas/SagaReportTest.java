package dev.dormouse.loadtest.sagas;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class SagaReportTest {
  private final SagaReport report = new SagaReport(List.of("Ours", "Theirs"));

  private static Drive.Sample sample(double rate, double p50, Work work) {
    return new Drive.Sample(rate, p50, 2 * p50, 1.5, Double.NaN, work, 0.1, 0.05);
  }

  @Test
  void medians_are_told_with_their_range_and_compared() {
    for (int rate : new int[] {900, 1_200, 1_000}) {
      report.add(50, "Ours", sample(rate, 40, new Work(18, 0.5)));
      report.add(50, "Theirs", sample(rate / 10.0, 500, Work.UNKNOWN));
    }
    assertThat(report.markdown())
        .contains(
            "| 50 | rate, a second | ≥ 10 times | 1,000 (900–1,200) | 100 (90–120) | 10.0 ✓ |")
        .contains("| 50 | p50, ms | – | 40.00 (40.00–40.00) | 500.00 (500.00–500.00) | 12.5 |")
        .contains("| 50 | syncs each | – | 0.50 (0.50–0.50) | – | – |")
        .contains("| 50 | cores that others used |  | 0.1 (0.1–0.1) | 0.1 (0.1–0.1) | – |")
        .doesNotContain("services");
  }

  @Test
  void a_missed_goal_is_told() {
    report.add(1, "Ours", sample(100, 6, Work.UNKNOWN));
    report.add(1, "Theirs", sample(30, 30, Work.UNKNOWN));
    report.add(50, "Ours", sample(900, 6, Work.UNKNOWN));
    report.add(50, "Theirs", sample(100, 6, Work.UNKNOWN));
    assertThat(report.markdown())
        .contains("| 1 | p50, ms | ≤ 5 ms | 6.00 **missed** | 30.00 | 5.0 |")
        .contains("| 50 | rate, a second | ≥ 10 times | 900 | 100 | 9.0 **missed** |");
  }

  @Test
  void without_a_peer_nothing_is_compared() {
    SagaReport alone = new SagaReport(List.of("Ours"));
    alone.add(50, "Ours", sample(1_000, 40, Work.UNKNOWN));
    assertThat(alone.markdown())
        .contains("| under way | measure | goal | Ours |\n|---|---|---|---|\n")
        .contains("| 50 | rate, a second | – | 1,000 |\n");
  }
}
