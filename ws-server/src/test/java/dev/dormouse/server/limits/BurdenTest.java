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

  @Test
  void is_weighed_too_where_much_is_added_little_by_little() {
    others.set(999_000);
    for (int i = 0; i < 63; i++) {
      burden.add(1_024);
    }
    assertThat(burden.heavy()).isFalse();
    burden.add(1_024);
    assertThat(burden.heavy()).isTrue();
  }

  @Test
  void is_full_at_half_as_much_again() {
    others.set(1_500_000);
    burden.weigh();
    assertThat(burden.full()).isFalse();
    others.set(1_500_001);
    burden.weigh();
    assertThat(burden.full()).isTrue();
    Burden none = Burden.none();
    none.weigh();
    assertThat(none.full()).isFalse();
  }

  @Test
  void what_goes_to_many_counts_once() {
    byte[] bytes = new byte[100_000];
    for (int i = 1; i <= 3; i++) {
      assertThat(burden.sends(bytes)).isTrue();
      others.addAndGet(bytes.length);
      assertThat(burden.weight()).isEqualTo(100_000);
    }
    for (int i = 2; i >= 0; i--) {
      burden.sent(bytes);
      others.addAndGet(-bytes.length);
      assertThat(burden.weight()).isEqualTo(i == 0 ? 0 : 100_000);
    }
  }

  @Test
  void large_things_are_not_sent_while_it_is_heavy_but_for_those_that_are_on_their_way_already() {
    byte[] underWay = new byte[100_000];
    byte[] equal = new byte[100_000];
    assertThat(burden.sends(underWay)).isTrue();
    others.set(1_000_001);
    assertThat(burden.sends(equal)).isFalse();
    assertThat(burden.sends(new byte[Burden.SMALL])).isTrue();
    assertThat(burden.sends(underWay)).isTrue();
    burden.sent(underWay);
    burden.sent(underWay);
    assertThat(burden.weight()).isEqualTo(1_000_001);
    assertThat(burden.sends(underWay)).isFalse();
  }

  @Test
  void one_alone_may_be_larger_than_all_that_may_wait() {
    assertThat(burden.sends(new byte[2_000_000])).isTrue();
  }
}
