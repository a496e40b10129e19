package dev.dormouse.loadtest;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class CounterTest {
  @Test
  void numbers_shuffled_within_its_reach_are_all_found() {
    long seed = System.nanoTime();
    Counter counter = new Counter("r", 0);
    Random random = new Random(seed);
    for (long from = 1; from < 200_000; from += 1_000) {
      List<Long> some = new ArrayList<>(LongStream.range(from, from + 1_000).boxed().toList());
      Collections.shuffle(some, random);
      some.forEach(counter::answered);

      assertThat(counter.whole()).as("seed %d", seed).isEqualTo(from + 999);
    }
  }
}
