package dev.dormouse.loadtest.storm;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.function.LongUnaryOperator;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class BoundsTest {
  @Test
  void what_stays_as_it_is_is_no_finding() {
    assertThat(found(minute -> 260)).isEmpty();
  }

  @Test
  void what_grows_all_the_time_is_one() {
    assertThat(found(minute -> 200 + 4 * minute)).singleElement().asString().contains("grew");
  }

  @Test
  void so_is_what_was_too_much_once() {
    assertThat(found(minute -> minute == 30 ? 2_000 : 260)).hasSize(1);
  }

  private static List<String> found(LongUnaryOperator resident) {
    Findings findings = new Findings(new Weather());
    List<Vitals> vitals =
        LongStream.range(0, 60)
            .mapToObj(m -> new Vitals(m * 60, 60, 16, resident.applyAsLong(m), 40, 130, 40, 9, 40))
            .toList();
    Bounds.check(vitals, findings);
    return findings.told();
  }
}
