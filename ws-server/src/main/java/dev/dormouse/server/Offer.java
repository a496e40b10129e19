package dev.dormouse.server;

import dev.dormouse.room.Namespace;
import dev.dormouse.saga.ExternalService;
import dev.dormouse.saga.Queue;
import dev.dormouse.saga.Saga;
import java.util.List;
import java.util.Map;

/// What jars bring into a server.
///
/// @param services whom steps of sagas can call outside, by name
record Offer(
    List<Namespace> namespaces,
    List<Saga<?>> sagas,
    List<Queue> queues,
    Map<String, ExternalService> services) {
  Offer {
    namespaces = List.copyOf(namespaces);
    sagas = List.copyOf(sagas);
    queues = List.copyOf(queues);
    services = Map.copyOf(services);
  }
}
