package dev.dormouse.loadtest.sagas;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class OrderTest {

  @Test
  void three_different_objects_are_drawn_and_each_draw_can_come() {
    SplittableRandom random = new SplittableRandom(1);
    Set<String> drawn = new HashSet<>();
    for (int i = 0; i < 2_000; i++) {
      Order order = Order.draw("s", false, 4, random);
      Set<String> objects = Set.of(order.a(), order.b(), order.c()); // throws if two are one
      assertThat(objects).isSubsetOf("t0", "t1", "t2", "t3");
      drawn.add(order.a() + order.b() + order.c());
    }
    assertThat(drawn).hasSize(24);
  }
}
