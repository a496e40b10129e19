package dev.dormouse.loadtest.sagas;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class OpeningTest {

  @Test
  void each_saga_is_owned_once_and_waits_once() {
    Opening opening = new Opening("due", 23, 5, "");
    assertThat(opening.rooms()).isEqualTo(5);
    assertThat(IntStream.range(0, 5).map(opening::owned)).containsExactly(5, 5, 5, 5, 3);
    assertThat(IntStream.range(0, 5).flatMap(opening::waiting).sorted().toArray())
        .isEqualTo(IntStream.range(0, 23).toArray());
    assertThat(opening.waiting(4)).containsExactly(4, 9, 14, 19);
  }
}
