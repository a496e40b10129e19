package dev.dormouse.rooms.fleet;

import dev.dormouse.saga.Saga;
import dev.dormouse.saga.SagaProvider;
import java.util.List;

/// Offers the sagas of [UpdateDevice].
public final class FleetSagas implements SagaProvider {
  @Override
  public List<Saga<?>> sagas() {
    return UpdateDevice.sagas();
  }
}
