package dev.dormouse.saga.facility;

import dev.dormouse.room.spi.Facility;
import dev.dormouse.room.spi.FacilityRoom;
import dev.dormouse.saga.ExternalService;
import dev.dormouse.saga.Saga;
import dev.dormouse.saga.SagaLimits;
import dev.dormouse.saga.Sagas;
import dev.dormouse.saga.engine.Definitions;
import java.util.Collection;
import java.util.Map;

/// Gives every room of a node sagas: each may own some, and take part in those of others.
public final class SagaFacility implements Facility {
  private final Definitions definitions;
  private final Services services;
  private final SagaLimits limits;
  private final SagaObserver observer;
  private final Strikes strikes = new Strikes();

  /// @param sagas all definitions, old versions too while sagas of theirs are open
  /// @throws IllegalArgumentException if two are the same version of the same definition
  public SagaFacility(Collection<? extends Saga<?>> sagas) {
    this(sagas, Map.of());
  }

  /// @param sagas all definitions, old versions too while sagas of theirs are open
  /// @param services whom steps can call outside, by name
  /// @throws IllegalArgumentException if two are the same version of the same definition
  public SagaFacility(Collection<? extends Saga<?>> sagas, Map<String, ExternalService> services) {
    this(sagas, services, SagaLimits.defaults());
  }

  /// @param sagas all definitions, old versions too while sagas of theirs are open
  /// @param services whom steps can call outside, by name
  /// @throws IllegalArgumentException if two are the same version of the same definition
  public SagaFacility(
      Collection<? extends Saga<?>> sagas,
      Map<String, ExternalService> services,
      SagaLimits limits) {
    this(sagas, services, limits, SagaObserver.NONE);
  }

  /// @param sagas all definitions, old versions too while sagas of theirs are open
  /// @param services whom steps can call outside, by name
  /// @throws IllegalArgumentException if two are the same version of the same definition
  public SagaFacility(
      Collection<? extends Saga<?>> sagas,
      Map<String, ExternalService> services,
      SagaLimits limits,
      SagaObserver observer) {
    definitions = new Definitions(sagas);
    this.services = new Services(services);
    this.limits = limits;
    this.observer = observer;
  }

  @Override
  public String name() {
    return "saga";
  }

  @Override
  public Class<?> type() {
    return Sagas.class;
  }

  @Override
  public Part join(FacilityRoom room) {
    return new SagaPart(room, definitions, services, limits, strikes, observer);
  }
}
