package dev.dormouse.server;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.dormouse.room.Namespace;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OfferLoaderTest {
  private static Namespace named(String name) {
    return Namespace.named(name, TalkRoom::new).build();
  }

  @ParameterizedTest
  @ValueSource(strings = {"rooms", "status", "healthz", "readyz", "metrics", "admin"})
  void a_name_that_is_a_route_is_refused(String name) {
    assertThatExceptionOfType(StartException.class)
        .isThrownBy(() -> OfferLoader.check(List.of(named("fine"), named(name))))
        .withMessageContaining("'" + name + "'");
  }

  @Test
  void a_name_given_twice_is_refused() {
    assertThatExceptionOfType(StartException.class)
        .isThrownBy(() -> OfferLoader.check(List.of(named("one"), named("one"))))
        .withMessageContaining("'one'");
  }

  @Test
  void any_other_name_is_fine() {
    assertThatCode(() -> OfferLoader.check(List.of(named("one"), named("room"))))
        .doesNotThrowAnyException();
  }
}
