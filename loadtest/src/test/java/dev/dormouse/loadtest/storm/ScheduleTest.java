package dev.dormouse.loadtest.storm;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ScheduleTest {
  private static final int ROUND = Fault.values().length - 1;

  @Test
  void the_same_seed_gives_the_same_faults() {
    assertThat(first(3 * ROUND, 7))
        .isEqualTo(first(3 * ROUND, 7))
        .isNotEqualTo(first(3 * ROUND, 8));
  }

  @Test
  void each_round_has_every_fault_once() {
    List<Fault> faults = first(2 * ROUND, 5).stream().map(Strike::fault).toList();

    assertThat(faults.subList(0, ROUND)).doesNotHaveDuplicates().doesNotContain(Fault.CALM);
    assertThat(faults.subList(ROUND, 2 * ROUND)).doesNotHaveDuplicates();
  }

  @Test
  void faults_stay_within_their_bounds() {
    for (Strike strike : first(40 * ROUND, 1)) {
      assertThat(strike.seconds()).isBetween(1, strike.fault() == Fault.STOP ? 20 : 12);
      assertThat(Math.abs(strike.size())).isLessThanOrEqualTo(Schedule.FURTHEST);
    }
  }

  @Test
  void what_a_machine_cannot_do_is_left_out() {
    assertThat(Storm.possible(false, null))
        .isEqualTo(
            EnumSet.of(Fault.CALM, Fault.KILL, Fault.STOP, Fault.KILL_STOPPED, Fault.BACKUP));
  }

  private static List<Strike> first(int count, long seed) {
    Set<Fault> all = EnumSet.allOf(Fault.class);
    return Stream.generate(new Schedule(seed, all, 12)::next).limit(count).toList();
  }
}
