package dev.dormouse.server.limits;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class BurdenTest {
  private final AtomicLong others = new AtomicLong();
  private final Burden burden = new Burden(1_000_000, others::get);

  @Test
  void is_heavy_beyond_its_limit_and_until_a_quarter_of_it_is_gone() {
    others.set(1_000_000);
    burden.weigh();
    assertThat(burden.heavy()).isFalse();

    others.set(1_000_001);
    burden.weigh();
    assertThat(burden.heavy()).isTrue();

    others.set(750_001);
    burden.weigh();
    assertThat(burden.heavy()).isTrue();

    others.set(750_000);
    burden.weigh();
    assertThat(burden.heavy()).isFalse();
  }

  @Test
  void is_weighed_at_once_where_much_is_added() {
    others.set(999_000);
    burden.add(63 * 1024);
    assertThat(burden.heavy()).as("until the next tick").isFalse();
    burden.add(64 * 1024);
    assertThat(burden.heavy()).isTrue();
    assertThat(burden.weight()).isEqualTo(999_000 + 127 * 1024);
  }
}
