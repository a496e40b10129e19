package dev.dormouse.loadtest.hold;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The pure parts that decide when and whom a holder wakes.
class BeatTest {
  private static final long SECOND = 1_000_000_000;

  @Test
  void what_is_due_does_not_move_when_somebody_comes_late() {
    Beat beat = new Beat(SECOND, 4);
    long now = 3 * SECOND; // two seconds late

    int done = 0;
    while (beat.isDue(now)) {
      assertThat(beat.next()).isEqualTo(SECOND + done * SECOND / 4);
      beat.done();
      done++;
    }

    assertThat(done).isEqualTo(9);
    assertThat(beat.next()).isEqualTo(SECOND + 9 * SECOND / 4);
  }

  @Test
  void a_rate_of_nothing_is_never_due() {
    assertThat(new Beat(0, 0).next()).isEqualTo(Long.MAX_VALUE);
    assertThat(new Beat(0, 0).isDue(Long.MAX_VALUE - 1)).isFalse();
  }

  @Test
  void a_rate_below_one_a_second_is_kept() {
    Beat beat = new Beat(0, 0.5);
    beat.done();

    assertThat(beat.next()).isEqualTo(2 * SECOND);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 10, 97, 1_000, 19_500})
  void a_round_comes_to_everybody_once_and_then_again(int size) {
    Round round = new Round(size);
    for (int turn = 0; turn < 2; turn++) {
      Set<Integer> met = new HashSet<>();
      for (int i = 0; i < size; i++) {
        met.add(round.next());
      }
      assertThat(met).hasSize(size).allMatch(one -> one >= 0 && one < size);
    }
  }

  @Test
  void neighbours_in_a_round_do_not_share_a_room() {
    Round round = new Round(19_500);
    int last = round.next();
    for (int i = 1; i < 100; i++) {
      int next = round.next();
      assertThat(Math.abs(next - last)).isGreaterThan(1_000);
      last = next;
    }
  }

  @Test
  void those_who_wait_come_out_longest_first_also_after_the_ring_has_grown() {
    Waiting waiting = new Waiting();
    for (int i = 0; i < 50; i++) {
      waiting.add(i, i);
    }
    for (int i = 0; i < 40; i++) {
      waiting.drop();
    }
    for (int i = 50; i < 300; i++) {
      waiting.add(i, i * 10L);
    }

    for (int i = 40; i < 300; i++) {
      assertThat(waiting.first()).isEqualTo(i);
      assertThat(waiting.since()).isEqualTo(i < 50 ? i : i * 10L);
      waiting.drop();
    }
    assertThat(waiting.isEmpty()).isTrue();
  }
}
