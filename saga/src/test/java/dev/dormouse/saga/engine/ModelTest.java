package dev.dormouse.saga.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dormouse.saga.engine.Model.Found;
import dev.dormouse.saga.engine.Model.Scope;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Every state that small sagas can be in keeps the promises I1 to I4, I7 and I10, and can come to
/// an end or be parked.
class ModelTest {

  @ParameterizedTest
  @MethodSource("dev.dormouse.saga.engine.Explored#scopes")
  void I1_to_I10_hold_in_every_state(Scope scope) {
    Found found = Explored.of(scope);

    assertThat(found.broken()).isEmpty();
    assertThat(found.states()).isGreaterThan(1_000);
  }
}
