package dev.dormouse.server.epoll;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dormouse.room.runtime.SystemExecution;
import dev.dormouse.server.limits.Limits;
import dev.dormouse.server.limits.Passes;
import dev.dormouse.server.limits.Turnstile;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Descriptors' numbers are given out again; events of an earlier holder are not the next one's.
class SlotsTest {
  private final Slots slots =
      new Slots(new Passes(new Turnstile(Limits.none(), new SystemExecution())));

  @Test
  void an_event_finds_who_it_was_registered_for() {
    long word = slots.claim(7, "first");

    assertThat(slots.holder(word)).isEqualTo("first");
    assertThat(Slots.fd(word)).isEqualTo(7);
  }

  @Test
  void a_late_event_does_not_find_the_next_holder_of_the_number() {
    long late = slots.claim(7, "first");
    slots.release(7, "first");
    assertThat(slots.holder(late)).isNull();

    long word = slots.claim(7, "second");

    assertThat(slots.holder(late)).isNull();
    assertThat(slots.holder(word)).isEqualTo("second");
  }

  @Test
  void handing_on_keeps_the_registration() {
    long word = slots.claim(7, "awake");
    slots.hand(7, "parked");

    assertThat(slots.holder(word)).isEqualTo("parked");
  }

  @Test
  void only_the_holder_releases() {
    long word = slots.claim(7, "awake");
    slots.hand(7, "parked");
    slots.release(7, "awake");

    assertThat(slots.holder(word)).isEqualTo("parked");
  }

  @Test
  void numbers_may_be_large_and_far_apart() {
    slots.claim(3, "low");
    slots.claim(1_000_000, "high");
    List<Integer> held = new ArrayList<>();
    slots.each((fd, _) -> held.add(fd));

    assertThat(held).containsExactly(3, 1_000_000);
    assertThat(slots.holder(2_000_000)).isNull();
  }

  @Test
  void the_words_of_bell_and_port_are_nobodys() {
    slots.claim(0, "lowest");

    assertThat(slots.claim(1, "next")).isPositive();
  }
}
