package dev.dormouse.crash;

import dev.dormouse.room.Namespace;
import dev.dormouse.room.NamespaceProvider;
import dev.dormouse.room.RoomLimits;
import dev.dormouse.room.runtime.SystemExecution;
import dev.dormouse.room.spi.Execution;
import dev.dormouse.saga.Queue;
import dev.dormouse.saga.Saga;
import dev.dormouse.saga.SagaProvider;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarOutputStream;
import java.util.zip.ZipEntry;

/// The rooms, sagas and the queue of these tests, as a jar offers them to `dormouse serve`.
public final class CrashOffer implements NamespaceProvider, SagaProvider {
  private static final RoomLimits LIMITS = RoomLimits.defaults().withIdle(Duration.ofMillis(250));

  @Override
  public List<Namespace> namespaces() {
    return namespaces(new Moods(), new SystemExecution());
  }

  /// @param execution whose failpoints the rooms pass
  static List<Namespace> namespaces(Moods moods, Execution execution) {
    List<Namespace> namespaces = new ArrayList<>();
    namespaces.add(
        Namespace.named(CrashServer.OWNERS, OwnerRoom::new)
            .calls(OwnerCalls.class)
            .limits(LIMITS)
            .build());
    for (String participant : Errands.PARTICIPANTS) {
      namespaces.add(
          Namespace.named(participant, context -> new Partner(context, moods, execution))
              .limits(LIMITS)
              .build());
    }
    namespaces.add(
        Namespace.named(Parcels.SHELVES, context -> new Shelf(context, moods))
            .limits(LIMITS)
            .build());
    return namespaces;
  }

  @Override
  public List<Saga<?>> sagas() {
    return Errands.sagas();
  }

  @Override
  public List<Queue> queues() {
    return List.of(Parcels.queue());
  }

  /// A jar that names this class; the class itself is on the server's class path.
  static Path jar(Path folder) throws IOException {
    Path jar = folder.resolve("crash.jar");
    try (OutputStream file = Files.newOutputStream(jar);
        JarOutputStream out = new JarOutputStream(file)) {
      for (Class<?> service : List.of(NamespaceProvider.class, SagaProvider.class)) {
        out.putNextEntry(new ZipEntry("META-INF/services/" + service.getName()));
        out.write(CrashOffer.class.getName().getBytes(StandardCharsets.UTF_8));
        out.closeEntry();
      }
    }
    return jar;
  }
}
