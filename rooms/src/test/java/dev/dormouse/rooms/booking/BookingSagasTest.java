package dev.dormouse.rooms.booking;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.dormouse.room.Refusal;
import dev.dormouse.saga.ExternalCall;
import dev.dormouse.saga.ExternalService;
import dev.dormouse.saga.Saga;
import dev.dormouse.saga.SagaProvider;
import dev.dormouse.saga.Step;
import java.util.Objects;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;

/// What bookings bring along for every server.
class BookingSagasTest {
  private record Call(boolean looksUp, boolean undoes) implements ExternalCall {
    @Override
    public String operation() {
      return "charge";
    }

    @Override
    public String key() {
      return "k";
    }

    @Override
    public <T> T payload(Class<T> type) {
      throw new IllegalArgumentException(type.getName());
    }
  }

  @Test
  void the_saga_is_found_and_its_pivot_is_the_parcel() {
    assertThat(ServiceLoader.load(SagaProvider.class).stream())
        .extracting(ServiceLoader.Provider::type)
        .contains(BookingSagas.class);
    Saga<Order> saga = BookingSaga.definition();
    assertThat(saga.steps())
        .extracting(Step::name, Step::kind)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple("reserve", Step.Kind.COMPENSATABLE),
            org.assertj.core.groups.Tuple.tuple("pay", Step.Kind.COMPENSATABLE),
            org.assertj.core.groups.Tuple.tuple("ship", Step.Kind.PIVOT),
            org.assertj.core.groups.Tuple.tuple("sell", Step.Kind.RETRIABLE));
  }

  @Test
  void where_nobody_can_be_paid_only_what_was_never_charged_is_refused() {
    ExternalService nobody = Objects.requireNonNull(new BookingSagas().services().get("payment"));

    assertThatExceptionOfType(Refusal.Refused.class)
        .isThrownBy(() -> nobody.call(new Call(false, false)))
        .withMessageContaining("--service payment=");
    assertThatIllegalStateException().isThrownBy(() -> nobody.call(new Call(true, false)));
    assertThatIllegalStateException().isThrownBy(() -> nobody.call(new Call(false, true)));
  }
}
