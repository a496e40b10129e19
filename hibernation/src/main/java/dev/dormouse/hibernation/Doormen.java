package dev.dormouse.hibernation;

import dev.dormouse.room.Message;
import dev.dormouse.room.Namespace;
import dev.dormouse.room.spi.Doorman;
import dev.dormouse.room.spi.Doorman.KeepAlive;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The doormen that namespaces declare, by namespace and name. Immutable.
final class Doormen {
  private final Map<String, Map<String, Declared>> byNamespace = new HashMap<>();

  /// @throws IllegalArgumentException if a doorman wants to feed more than once a second
  Doormen(Collection<Namespace> namespaces) {
    for (Namespace namespace : namespaces) {
      Map<String, Declared> named = new HashMap<>();
      namespace
          .doormen()
          .forEach((name, doorman) ->
              named.put(name, declared(doorman, name, namespace.limits().porchBytes())));
      byNamespace.put(namespace.name(), named);
    }
  }

  /// A doorman and what it may use.
  ///
  /// @param porchBytes how much one of its porches may hold
  /// @param feeding how it feeds silent connections, or null if it does not
  record Declared(String name, Doorman doorman, int porchBytes, @Nullable Feeding feeding) {}

  /// @param after in ticks of the [Wheel]
  record Feeding(int after, Message food) {}

  private static Declared declared(Doorman doorman, String name, int porchBytes) {
    KeepAlive keepAlive = doorman.keepAlive().orElse(null);
    if (keepAlive == null) {
      return new Declared(name, doorman, porchBytes, null);
    }
    if (keepAlive.after().compareTo(Duration.ofSeconds(1)) < 0) {
      throw new IllegalArgumentException(
          "the doorman '%s' feeds after %s; it must leave a second at least"
              .formatted(name, keepAlive.after()));
    }
    int after = (int) Math.min(keepAlive.after().toSeconds(), Integer.MAX_VALUE / 2);
    return new Declared(name, doorman, porchBytes, new Feeding(after, keepAlive.food()));
  }

  /// Null if the namespace declares none of that name.
  @Nullable Declared find(String namespace, String name) {
    return byNamespace.getOrDefault(namespace, Map.of()).get(name);
  }
}
