package dev.dormouse.rooms.booking;

import dev.dormouse.room.Refusal;
import dev.dormouse.saga.ExternalCall;
import dev.dormouse.saga.ExternalService;
import dev.dormouse.saga.Saga;
import dev.dormouse.saga.SagaProvider;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Offers the saga of bookings. Whom it pays, the server's setting `service` says.
public final class BookingSagas implements SagaProvider {
  /// What a booking is refused with on a server that has no payment service.
  static final String NO_PAYMENTS =
      "no payment service is set up: start the server with --service payment=<address>";

  @Override
  public List<Saga<?>> sagas() {
    return List.of(BookingSaga.definition());
  }

  @Override
  public Map<String, ExternalService> services() {
    return Map.of(BookingSaga.PAYMENTS, BookingSagas::nobodyThere);
  }

  /// A first call is refused. Any other is about money that may have been taken while there was a
  /// service, so it is left open until there is one again.
  private static @Nullable Object nobodyThere(ExternalCall call) {
    if (call.looksUp() || call.undoes()) {
      throw new IllegalStateException(NO_PAYMENTS);
    }
    throw new Refusal.Refused(424, NO_PAYMENTS);
  }
}
