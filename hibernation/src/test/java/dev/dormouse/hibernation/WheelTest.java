package dev.dormouse.hibernation;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntUnaryOperator;
import org.junit.jupiter.api.Test;

class WheelTest {
  private final ManualExecution execution = new ManualExecution();
  private final Wheel wheel = new Wheel(execution);

  /// Writes down when it is looked at.
  private final class Watched implements Wheel.Entry {
    final List<Integer> looks = new ArrayList<>();
    private final IntUnaryOperator next;

    Watched(IntUnaryOperator next) {
      this.next = next;
    }

    @Override
    public int look(int now) {
      looks.add((int) execution.instant().getEpochSecond());
      assertThat(wheel.now()).isEqualTo(now);
      return next.applyAsInt(now);
    }
  }

  private static IntUnaryOperator every(int ticks) {
    return now -> now + ticks;
  }

  private static int once(int now) {
    return Wheel.Entry.OVER;
  }

  @Test
  void an_entry_is_looked_at_when_it_wants_to_be() {
    Watched often = new Watched(every(2));
    Watched seldom = new Watched(every(5));
    wheel.add(often, 1);
    wheel.add(seldom, 5);

    execution.passSeconds(10);

    assertThat(often.looks).containsExactly(1, 3, 5, 7, 9);
    assertThat(seldom.looks).containsExactly(5, 10);
  }

  @Test
  void one_timer_runs_while_there_is_anything_and_none_when_there_is_not() {
    assertThat(execution.timers()).isZero();
    wheel.add(new Watched(WheelTest::once), 3);
    wheel.add(new Watched(WheelTest::once), 1);
    assertThat(execution.timers()).isEqualTo(1);

    execution.passSeconds(2);
    assertThat(execution.timers()).isEqualTo(1);
    assertThat(wheel.size()).isEqualTo(1);
    execution.passSeconds(1);
    assertThat(execution.timers()).isZero();
    assertThat(wheel.size()).isZero();
  }

  @Test
  void the_present_is_known_again_after_a_time_without_timer() {
    execution.pass(Duration.ofMillis(100_500));
    Watched late = new Watched(WheelTest::once);

    assertThat(wheel.add(late, 2)).isEqualTo(100);
    execution.passSeconds(5);

    assertThat(late.looks).containsExactly(102);
  }

  @Test
  void what_is_far_off_is_looked_at_in_between_and_may_say_so() {
    Watched far = new Watched(now -> now < 200 ? 200 : Wheel.Entry.OVER);
    wheel.add(far, 200);

    execution.passSeconds(300);

    assertThat(far.looks).containsExactly(63, 126, 189, 200);
  }

  @Test
  void seconds_that_were_missed_are_made_up_for_once() {
    Watched often = new Watched(every(1));
    Watched later = new Watched(WheelTest::once);
    wheel.add(often, 1);
    wheel.add(later, 7);

    execution.freeze(Duration.ofSeconds(5));
    assertThat(often.looks).containsExactly(5);
    execution.freeze(Duration.ofSeconds(500));

    assertThat(often.looks).containsExactly(5, 505);
    assertThat(later.looks).containsExactly(505);
    execution.passSeconds(1);
    assertThat(often.looks).containsExactly(5, 505, 506);
  }

  @Test
  void an_entry_that_asks_for_the_past_is_looked_at_in_the_next_second() {
    Watched hasty = new Watched(now -> now < 3 ? 0 : Wheel.Entry.OVER);
    wheel.add(hasty, 0);

    execution.passSeconds(5);

    assertThat(hasty.looks).containsExactly(1, 2, 3);
  }

  @Test
  void an_entry_that_fails_is_over_and_hurts_no_other() {
    Watched broken =
        new Watched(_ -> {
          throw new IllegalStateException("a bug");
        });
    Watched sound = new Watched(every(1));
    wheel.add(broken, 1);
    wheel.add(sound, 1);

    execution.passSeconds(3);

    assertThat(broken.looks).containsExactly(1);
    assertThat(sound.looks).containsExactly(1, 2, 3);
  }

  @Test
  void many_are_looked_at_in_stretches_each_once() {
    AtomicInteger looks = new AtomicInteger();
    for (int i = 0; i < 5_000; i++) {
      wheel.add(
          now -> {
            looks.incrementAndGet();
            return now + 2;
          },
          1);
    }

    execution.passSeconds(2);
    assertThat(looks).hasValue(5_000);
    execution.passSeconds(1);
    assertThat(looks).hasValue(10_000);
    assertThat(wheel.size()).isEqualTo(5_000);
  }

  @Test
  void an_entry_may_come_in_while_others_are_looked_at() {
    Watched second = new Watched(WheelTest::once);
    wheel.add(
        now -> {
          wheel.add(second, 1);
          return Wheel.Entry.OVER;
        },
        1);

    execution.passSeconds(3);

    assertThat(second.looks).containsExactly(2);
  }

  @Test
  void when_it_is_stopped_nothing_is_looked_at_any_more() {
    Watched often = new Watched(every(1));
    wheel.add(often, 1);
    execution.passSeconds(1);

    wheel.stop();
    wheel.add(often, 1);
    execution.passSeconds(5);

    assertThat(often.looks).containsExactly(1);
    assertThat(execution.timers()).isZero();
  }
}
