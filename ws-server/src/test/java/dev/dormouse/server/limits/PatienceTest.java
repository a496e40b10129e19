package dev.dormouse.server.limits;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dormouse.testkit.SeededExecution;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class PatienceTest {
  private static final long MOST = 1_000_000;

  private final SeededExecution execution = new SeededExecution(1);
  private final Ticks ticks = new Ticks(execution);
  private final AtomicLong others = new AtomicLong();
  private final Burden burden = new Burden(MOST, others::get);
  private final Patience patience = new Patience(burden, ticks, execution);
  private final List<String> ended = new ArrayList<>();

  /// Something that takes memory until it is ended.
  private final class Thing extends Unfinished {
    private final String name;
    private long bytes;
    private long moved;

    Thing(String name, int bytes) {
      this.name = name;
      this.bytes = bytes;
      burden.add(bytes);
      burden.begin(this);
    }

    void move(int more) {
      moved += more;
    }

    @Override
    protected long holds() {
      return bytes;
    }

    @Override
    protected long moved() {
      return moved;
    }

    @Override
    protected void end(Why why) {
      ended.add(name + " " + why);
      burden.add((int) -bytes);
      bytes = 0;
      burden.done(this);
    }
  }

  private void run(Runnable body) {
    execution.run(() -> {
      ticks.each(burden::weigh);
      ticks.each(patience::tick);
      ticks.start();
      body.run();
      ticks.stop();
    });
  }

  private void seconds(int count) {
    execution.advance(Duration.ofSeconds(count));
    execution.settle();
  }

  @Test
  void what_stands_still_is_ended_when_its_time_is_up() {
    run(() -> {
      seconds(100);
      Thing unused = new Thing("still", 10);
      seconds(Patience.TIME - 1);
      assertThat(ended).isEmpty();
      seconds(3);
      assertThat(ended).containsExactly("still SLOW");
      assertThat(patience.ended().sum()).isOne();
      assertThat(unused.bytes).isZero();
    });
  }

  @Test
  void a_byte_now_and_then_gains_nothing() {
    run(() -> {
      Thing drips = new Thing("drips", 10);
      for (int i = 0; i < Patience.TIME + 2; i++) {
        seconds(1);
        drips.move(100);
      }
      assertThat(ended).containsExactly("drips SLOW");
    });
  }

  @Test
  void who_is_slow_but_gets_on_may_take_as_long_as_he_needs() {
    run(() -> {
      Thing slow = new Thing("slow", 10);
      for (int i = 0; i < 100; i++) {
        seconds(Patience.TIME / 2);
        slow.move(Patience.PIECE / 2);
      }
      assertThat(ended).isEmpty();
    });
  }

  @Test
  void who_has_nothing_unfinished_just_now_is_not_waited_for() {
    run(() -> {
      Thing idle = new Thing("idle", 0);
      seconds(10 * Patience.TIME);
      idle.bytes = 10;
      seconds(Patience.TIME - 1);
      assertThat(ended).isEmpty();
      seconds(3);
      assertThat(ended).containsExactly("idle SLOW");
    });
  }

  @Test
  void what_is_begun_anew_has_its_time_anew() {
    run(() -> {
      Thing again = new Thing("again", 10);
      for (int i = 0; i < 10; i++) {
        seconds(Patience.TIME - 5);
        burden.done(again);
        burden.begin(again);
      }
      assertThat(ended).isEmpty();
    });
  }

  @Test
  void where_much_waits_the_time_is_short() {
    run(() -> {
      Thing still = new Thing("still", 10);
      others.set(MOST + 1);
      seconds(Patience.PRESSED - 1);
      assertThat(ended).isEmpty();
      seconds(3);
      assertThat(ended).containsExactly("still SLOW");
      assertThat(still.bytes).isZero();
    });
  }

  @Test
  void where_memory_is_full_the_largest_of_those_who_stand_go_until_there_is_room() {
    run(() -> {
      Thing moving = new Thing("moving", 400_000);
      Thing small = new Thing("small", 1_000);
      Thing old = new Thing("old", 300_000);
      seconds(2);
      Thing young = new Thing("young", 300_000);
      Thing largest = new Thing("largest", 310_000);
      for (int i = 0; i < 3; i++) {
        moving.move(1);
        seconds(1);
      }
      assertThat(burden.full()).isFalse();
      moving.move(1);
      others.set(300_000);
      seconds(1);
      // 611,000 too much.
      assertThat(ended).containsExactly("largest FULL", "old FULL", "young FULL");
      assertThat(List.of(moving.bytes, small.bytes, old.bytes))
          .containsExactly(400_000L, 1_000L, 0L);
      assertThat(largest.bytes + young.bytes).isZero();
      assertThat(burden.full()).isFalse();
    });
  }
}
