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
import java.security.CodeSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;
import java.util.zip.ZipFile;

/// Finds namespaces, sagas and queues: on the class path, and in jars that the server is pointed
/// to.
final class OfferLoader {
  private OfferLoader() {}

  /// All that is offered, that of `places` and that on the class path.
  ///
  /// @param places jars, or folders with jars; their classes stay loaded for the process's life
  /// @throws StartException if a place is not there, offers nothing, or cannot be loaded
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
        List<Namespace> its = from(provider, provider::namespaces);
        its.forEach(namespace -> checkNew(namespace, namespaces, provider));
        namespaces.addAll(its);
      }
      for (SagaProvider provider : ServiceLoader.load(SagaProvider.class, loader)) {
        sagas.addAll(from(provider, provider::sagas));
        queues.addAll(from(provider, provider::queues));
        from(provider, provider::services)
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

  /// What a provider says, which is somebody's code.
  private static <T> T from(Object provider, Supplier<T> said) {
    try {
      return said.get();
    } catch (RuntimeException e) {
      throw new StartException(
          "%s, of %s, offers what cannot be: %s"
              .formatted(provider.getClass().getName(), origin(provider), e.getMessage()),
          e);
    }
  }

  private static void checkNew(Namespace namespace, List<Namespace> others, Object provider) {
    if (others.stream().anyMatch(other -> other.name().equals(namespace.name()))) {
      throw new StartException(
          "two namespaces are named '%s'; the second is offered by %s, of %s"
              .formatted(namespace.name(), provider.getClass().getName(), origin(provider)));
    }
  }

  private static String origin(Object provider) {
    CodeSource source = provider.getClass().getProtectionDomain().getCodeSource();
    return source == null ? "the class path" : String.valueOf(source.getLocation());
  }

  /// Whether a jar offers anything itself; it may be there for another's sake.
  ///
  /// @throws StartException if it is no jar
  private static boolean offers(Path jar) {
    try (ZipFile zip = new ZipFile(jar.toFile())) {
      return Stream.of(NamespaceProvider.class, SagaProvider.class)
          .anyMatch(service -> zip.getEntry("META-INF/services/" + service.getName()) != null);
    } catch (IOException e) {
      throw new StartException(jar + " is no jar: " + e.getMessage(), e);
    }
  }

  private static List<URL> jars(Path place) {
    List<Path> jars = files(place);
    // All of them are looked at, so that one that is damaged is found.
    if (jars.stream().filter(OfferLoader::offers).count() == 0) {
      throw new StartException(
          ("%s offers no rooms, sagas or queues: a jar names its providers in META-INF/services/%s"
                  + " or META-INF/services/%s")
              .formatted(place, NamespaceProvider.class.getName(), SagaProvider.class.getName()));
    }
    List<URL> urls = new ArrayList<>();
    try {
      for (Path jar : jars) {
        urls.add(jar.toUri().toURL());
      }
    } catch (MalformedURLException e) {
      throw new StartException("the rooms at " + place + " cannot be read: " + e.getMessage(), e);
    }
    return urls;
  }

  private static List<Path> files(Path place) {
    try {
      if (Files.isDirectory(place)) {
        try (Stream<Path> files = Files.list(place)) {
          List<Path> jars =
              files.filter(file -> file.toString().endsWith(".jar")).sorted().toList();
          if (jars.isEmpty()) {
            throw new StartException("there is no jar in the folder " + place);
          }
          return jars;
        }
      }
      if (Files.isRegularFile(place)) {
        return List.of(place);
      }
      throw new StartException("there are no rooms at " + place + ": no jar and no folder");
    } catch (IOException e) {
      throw new StartException("the rooms at " + place + " cannot be read: " + e.getMessage(), e);
    }
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
