package dev.dormouse.server;

import dev.dormouse.room.Namespace;
import dev.dormouse.room.NamespaceProvider;
import dev.dormouse.saga.ExternalService;
import dev.dormouse.saga.Queue;
import dev.dormouse.saga.Saga;
import dev.dormouse.saga.SagaProvider;
import dev.dormouse.server.http.FrontDoor;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.stream.Stream;

/// Finds namespaces, sagas and queues: on the class path, and in jars that the server is pointed
/// to.
final class OfferLoader {
  private OfferLoader() {}

  /// All that is offered, that of `places` and that on the class path.
  ///
  /// @param places jars, or folders with jars; their classes stay loaded for the process's life
  /// @throws StartException if a place is not there, or a jar's offer cannot be loaded
  static Offer load(List<String> places) {
    List<URL> jars = new ArrayList<>();
    for (String place : places) {
      jars.addAll(jars(Path.of(place)));
    }
    ClassLoader ours = OfferLoader.class.getClassLoader();
    ClassLoader loader =
        jars.isEmpty() ? ours : new URLClassLoader("rooms", jars.toArray(URL[]::new), ours);
    List<Namespace> namespaces = new ArrayList<>();
    List<Saga<?>> sagas = new ArrayList<>();
    List<Queue> queues = new ArrayList<>();
    Map<String, ExternalService> services = new HashMap<>();
    try {
      for (NamespaceProvider provider : ServiceLoader.load(NamespaceProvider.class, loader)) {
        namespaces.addAll(provider.namespaces());
      }
      for (SagaProvider provider : ServiceLoader.load(SagaProvider.class, loader)) {
        sagas.addAll(provider.sagas());
        queues.addAll(provider.queues());
        provider
            .services()
            .forEach((name, service) -> {
              if (services.putIfAbsent(name, service) != null) {
                throw new StartException("two jars offer the service '" + name + "'");
              }
            });
      }
    } catch (ServiceConfigurationError e) {
      throw new StartException("rooms cannot be loaded: " + e.getMessage(), e);
    }
    return new Offer(namespaces, sagas, queues, services);
  }

  private static List<URL> jars(Path place) {
    try {
      if (Files.isDirectory(place)) {
        try (Stream<Path> files = Files.list(place)) {
          List<URL> jars = new ArrayList<>();
          for (Path file : files.sorted().toList()) {
            if (file.toString().endsWith(".jar")) {
              jars.add(url(file));
            }
          }
          if (jars.isEmpty()) {
            throw new StartException("there is no jar in the folder " + place);
          }
          return jars;
        }
      }
      if (Files.isRegularFile(place)) {
        return List.of(url(place));
      }
      throw new StartException("there are no rooms at " + place + ": no jar and no folder");
    } catch (IOException e) {
      throw new StartException("the rooms at " + place + " cannot be read: " + e.getMessage(), e);
    }
  }

  private static URL url(Path file) throws MalformedURLException {
    return file.toUri().toURL();
  }

  /// Refuses names that would hide a route or each other.
  static void check(List<Namespace> namespaces) {
    Set<String> names = new HashSet<>();
    for (Namespace namespace : namespaces) {
      if (FrontDoor.ROUTES.contains(namespace.name())) {
        throw new StartException(
            "a namespace cannot be named '"
                + namespace.name()
                + "': the server's own path of that name would hide it");
      }
      if (!names.add(namespace.name())) {
        throw new StartException("two namespaces are named '" + namespace.name() + "'");
      }
    }
  }
}
