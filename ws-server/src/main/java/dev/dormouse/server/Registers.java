package dev.dormouse.server;

import dev.dormouse.room.runtime.RoomNode;
import dev.dormouse.saga.Saga;
import dev.dormouse.saga.facility.SagaRegister;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.stream.Collectors;

/// The register of a node's sagas, and what it has to say before the node may start.
final class Registers {
  private Registers() {}

  static SagaRegister of(RoomNode node, List<? extends Saga<?>> definitions) {
    return new SagaRegister(
        (prefix, after, limit) -> node.marks("saga", prefix, after, limit),
        (room, prefix, limit) -> node.durable(room, "saga", prefix, limit),
        definitions);
  }

  /// Sagas whose definition is gone could neither go on nor be undone.
  ///
  /// @throws StartException naming the definitions that are missing
  static void check(SagaRegister register) {
    List<SagaRegister.InUse> missing;
    try {
      missing = register.missing().join();
    } catch (CompletionException e) {
      throw new StartException("the open sagas cannot be looked through: " + e.getCause(), e);
    }
    if (!missing.isEmpty()) {
      throw new StartException(
          "sagas are open whose definitions are not here: "
              + missing.stream().map(Object::toString).collect(Collectors.joining("; "))
              + ". Start with the jar that has these versions (--rooms), and keep them until no saga"
              + " runs on them any more");
    }
  }
}
