package dev.dormouse.rooms.yjs;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.BitSet;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RangesTest {
  private final Ranges ranges = new Ranges();

  @Test
  void ranges_that_touch_become_one() {
    ranges.addAll(4, 6, 0, 2, 2, 4);

    assertThat(ranges.toArray()).containsExactly(0, 6);
  }

  @Test
  void a_range_over_others_swallows_them() {
    ranges.addAll(1, 2, 4, 5, 9, 10);
    ranges.addAll(0, 6);

    assertThat(ranges.toArray()).containsExactly(0, 6, 9, 10);
  }

  @Test
  void what_it_was_made_of_stays_as_it_is() {
    long[] made = {0, 2, 4, 6};
    Ranges more = Ranges.of(made);
    Ranges other = Ranges.of(made);
    more.addAll(2, 3);
    other.append(8, 9);

    assertThat(made).containsExactly(0, 2, 4, 6);
    assertThat(more.toArray()).containsExactly(0, 3, 4, 6);
    assertThat(other.toArray()).containsExactly(0, 2, 4, 6, 8, 9);
  }

  @Test
  void it_is_made_of_ranges_in_any_order() {
    assertThat(Ranges.of(new long[] {4, 6, 0, 2, 2, 3}).toArray()).containsExactly(0, 3, 4, 6);
    assertThat(Ranges.of(new long[0]).toArray()).isEmpty();
  }

  @Test
  void a_gap_ends_what_counts_from_zero() {
    ranges.addAll(0, 3, 5, 9);

    assertThat(ranges.endOfFirstFromZero()).isEqualTo(3);
    assertThat(ranges.covers(5, 9)).isTrue();
    assertThat(ranges.covers(2, 6)).isFalse();
  }

  @Test
  void nothing_counts_from_zero_if_zero_is_missing() {
    ranges.addAll(1, 3);

    assertThat(ranges.endOfFirstFromZero()).isZero();
  }

  @Test
  void they_hold_what_a_set_of_single_clocks_would_hold() {
    for (int seed = 0; seed < 500; seed++) {
      Random random = new Random(seed);
      Ranges tested = new Ranges();
      BitSet expected = new BitSet();
      for (int i = 0; i < 20; i++) {
        long[] more = new long[2 * random.nextInt(4)];
        for (int k = 0; k < more.length; k += 2) {
          more[k] = random.nextInt(100);
          more[k + 1] = more[k] + 1 + random.nextInt(8);
          expected.set((int) more[k], (int) more[k + 1]);
        }
        tested.addAll(more);
        assertSame(seed, tested, expected);
      }
    }
  }

  private static void assertSame(int seed, Ranges tested, BitSet expected) {
    for (int from = 0; from < 110; from++) {
      for (int to = from + 1; to < from + 12; to++) {
        assertThat(tested.covers(from, to))
            .as("seed %d, clocks %d to %d", seed, from, to)
            .isEqualTo(expected.nextClearBit(from) >= to);
      }
      int next = from;
      do {
        next++;
      } while (next < 120 && expected.get(next) == expected.get(next - 1));
      assertThat(tested.nextBound(from))
          .as("seed %d, bound after %d", seed, from)
          .isEqualTo(next < 120 ? next : Long.MAX_VALUE);
    }
  }
}
