package dev.dormouse.server.limits;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dormouse.testkit.SeededExecution;
import java.net.InetAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import org.junit.jupiter.api.Test;

class ArrivalsTest {
  private static final Duration TIME = Duration.ofSeconds(10);

  private final SeededExecution execution = new SeededExecution(1);
  private final LongAdder late = new LongAdder();
  private final Arrivals arrivals = new Arrivals(execution, TIME, late);
  private final List<String> cut = new ArrayList<>();

  private Guest guest(String name) {
    return new Guest() {
      @Override
      public boolean heard() {
        return arrivals.remove(this);
      }

      @Override
      public void answered() {
        throw new AssertionError("nobody is answered here");
      }

      @Override
      public boolean speaksFor(InetAddress client) {
        throw new AssertionError("nobody is a proxy here");
      }

      @Override
      public SocketAddress origin() {
        throw new AssertionError("nobody is asked for here");
      }

      @Override
      public void late() {
        cut.add(name);
      }
    };
  }

  @Test
  void each_is_cut_off_when_its_own_time_is_over() {
    execution.run(() -> {
      arrivals.add(guest("first"));
      execution.advance(Duration.ofSeconds(6));
      arrivals.add(guest("second"));
      execution.advance(Duration.ofMillis(3_990));
      assertThat(cut).isEmpty();
      execution.advance(Duration.ofMillis(20));
      assertThat(cut).containsExactly("first");
      execution.advance(Duration.ofMillis(5_900));
      assertThat(cut).containsExactly("first");
      execution.advance(Duration.ofMillis(200));
      assertThat(cut).containsExactly("first", "second");
      assertThat(late.sum()).isEqualTo(2);
    });
  }

  @Test
  void who_was_heard_in_time_stays_and_is_awaited_no_more() {
    execution.run(() -> {
      Guest prompt = guest("prompt");
      arrivals.add(prompt);
      assertThat(prompt.heard()).isTrue();
      assertThat(prompt.heard()).isFalse();
      execution.advance(TIME.multipliedBy(2));
      assertThat(cut).isEmpty();

      // The next is watched all the same.
      arrivals.add(guest("next"));
      execution.advance(TIME.plusMillis(60));
      assertThat(cut).containsExactly("next");
    });
  }

  @Test
  void without_a_limit_everybody_has_time() {
    Arrivals patient = new Arrivals(execution, Duration.ZERO, late);
    execution.run(() -> {
      Guest slow = guest("slow");
      patient.add(slow);
      execution.advance(Duration.ofDays(1));
      assertThat(cut).isEmpty();
      assertThat(patient.remove(slow)).isTrue();
    });
  }
}
