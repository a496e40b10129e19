package dev.dormouse.saga.engine;

import dev.dormouse.saga.Saga;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The definitions a process knows, each in one or more versions. A saga runs to its end on the one
/// it started with.
public final class Definitions {
  private final Map<String, Saga<?>> latest = new HashMap<>();
  private final Map<Ref, Saga<?>> all = new HashMap<>();

  /// Names one version of one definition.
  public record Ref(String name, int version) {
    @Override
    public String toString() {
      return name + "/" + version;
    }
  }

  /// @throws IllegalArgumentException if two are the same version of the same definition
  public Definitions(Collection<? extends Saga<?>> sagas) {
    for (Saga<?> saga : sagas) {
      if (all.putIfAbsent(new Ref(saga.name(), saga.version()), saga) != null) {
        throw new IllegalArgumentException("saga " + saga + " is defined twice");
      }
      latest.merge(saga.name(), saga, (a, b) -> a.version() > b.version() ? a : b);
    }
  }

  /// What new sagas of this name run on.
  public Optional<Saga<?>> latest(String name) {
    return Optional.ofNullable(latest.get(name));
  }

  public Optional<Saga<?>> find(String name, int version) {
    return Optional.ofNullable(all.get(new Ref(name, version)));
  }

  /// The name of a step.
  ///
  /// @return empty if there is no such definition or step
  public Optional<String> step(String name, int version, int step) {
    Saga<?> saga = all.get(new Ref(name, version));
    return saga == null || step < 0 || step >= saga.steps().size()
        ? Optional.empty()
        : Optional.of(saga.steps().get(step).name());
  }

  /// Of the definitions of open sagas those that are not here. A process must not start while there
  /// are any: their sagas could not go on.
  public List<Ref> missing(Collection<Ref> open) {
    return open.stream().distinct().filter(ref -> !all.containsKey(ref)).toList();
  }
}
