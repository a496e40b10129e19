package dev.dormouse.saga;

import java.util.List;
import java.util.Map;

/// How a jar offers its sagas, beside its namespaces: found through [java.util.ServiceLoader].
public interface SagaProvider {

  /// The definitions, old versions too for as long as sagas of theirs are open.
  default List<Saga<?>> sagas() {
    return List.of();
  }

  /// The queues that rooms send to and consume from.
  default List<Queue> queues() {
    return List.of();
  }

  /// Whom their steps can call outside, by name. The setting `service` can name others, and has the
  /// last word about those that are here.
  default Map<String, ExternalService> services() {
    return Map.of();
  }
}
