package dev.dormouse.saga.facility;

import dev.dormouse.room.RoomId;
import dev.dormouse.saga.ExternalService;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// Whom steps can call outside, and which calls are under way in this process: a room may be reset
/// or sleep meanwhile. Thread-safe.
final class Services {
  private final Map<String, ExternalService> byName;
  private final Set<Step> underWay = ConcurrentHashMap.newKeySet();

  /// One step of one saga.
  record Step(RoomId owner, String saga, int step) {}

  Services(Map<String, ExternalService> byName) {
    this.byName = Map.copyOf(byName);
  }

  @Nullable ExternalService get(String name) {
    return byName.get(name);
  }

  /// Says whether a call may be made: none is under way for this step.
  boolean begin(Step step) {
    return underWay.add(step);
  }

  void end(Step step) {
    underWay.remove(step);
  }
}
