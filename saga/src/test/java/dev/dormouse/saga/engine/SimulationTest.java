package dev.dormouse.saga.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// Sagas drawn at random, through hours of lost, repeated and reordered messages, dying processes
/// and interfering people.
///
/// `-Ddormouse.seeds=N` runs N seeds, `-Ddormouse.seed=S` only S, which replays it.
class SimulationTest {

  @Test
  void every_saga_ends_whole_or_undone_in_reverse_and_none_stays_open_without_an_alarm() {
    Long one = Long.getLong("dormouse.seed");
    if (one != null) {
      run(one);
      return;
    }
    Set<Transition> taken = EnumSet.noneOf(Transition.class);
    long seeds = Long.getLong("dormouse.seeds", 2_000);
    for (long seed = 0; seed < seeds; seed++) {
      taken.addAll(run(seed));
    }

    Set<Transition> all = EnumSet.allOf(Transition.class);
    all.remove(Transition.T1_AGAIN);
    assertThat(taken).containsAll(all);
  }

  private static Set<Transition> run(long seed) {
    try {
      return new Simulation(seed).run();
    } catch (AssertionError | RuntimeException e) {
      throw new AssertionError("with -Ddormouse.seed=" + seed, e);
    }
  }
}
