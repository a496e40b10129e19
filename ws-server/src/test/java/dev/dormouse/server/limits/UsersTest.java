package dev.dormouse.server.limits;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.LongAdder;
import org.junit.jupiter.api.Test;

class UsersTest {
  private static final long ANN = 1L << 40;
  private static final long NOBODY = 5;

  private final LongAdder refused = new LongAdder();
  private final Users users = new Users(2, holder -> holder == NOBODY, refused);

  @Test
  void each_has_so_many_places_and_gets_them_back() {
    assertThat(users.enter(ANN)).isTrue();
    assertThat(users.enter(ANN)).isTrue();
    assertThat(users.hasPlace(ANN)).isFalse();
    assertThat(users.hasPlace(ANN + (1L << 32))).as("another").isTrue();
    users.leave(ANN);
    assertThat(users.hasPlace(ANN)).isTrue();
  }

  @Test
  void who_is_refused_is_counted_also_if_all_came_at_once() {
    for (int i = 0; i < 3; i++) {
      assertThat(users.hasPlace(ANN)).isTrue();
    }
    assertThat(users.enter(ANN)).isTrue();
    assertThat(users.enter(ANN)).isTrue();
    assertThat(refused.sum()).isZero();

    assertThat(users.enter(ANN)).isFalse();
    assertThat(users.hasPlace(ANN)).isFalse();

    assertThat(refused.sum()).isEqualTo(2);
  }

  @Test
  void those_whose_tokens_name_nobody_are_not_counted() {
    for (int i = 0; i < 5; i++) {
      assertThat(users.hasPlace(NOBODY)).isTrue();
      assertThat(users.enter(NOBODY)).isTrue();
    }
    users.leave(NOBODY);

    assertThat(refused.sum()).isZero();
    assertThat(users.size()).isZero();
  }
}
