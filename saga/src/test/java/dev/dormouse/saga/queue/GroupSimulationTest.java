package dev.dormouse.saga.queue;

import java.util.Random;
import org.junit.jupiter.api.Test;

/// Thousands of random lives of a group beside an oracle.
///
/// `-Dgroup.seed=…` repeats one life; `-Dgroup.seeds=…` runs more.
class GroupSimulationTest {
  private static final int SEEDS = Integer.getInteger("group.seeds", 2_000);

  @Test
  void I8_a_message_is_in_exactly_one_place_and_the_oracle_knows_which() {
    Long one = Long.getLong("group.seed");
    if (one != null) {
      GroupLife.live(one);
      return;
    }
    long first = new Random().nextInt(1_000_000_000);
    for (long seed = first; seed < first + SEEDS; seed++) {
      GroupLife.live(seed);
    }
  }
}
