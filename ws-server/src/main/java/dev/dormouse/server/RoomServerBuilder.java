package dev.dormouse.server;

import dev.dormouse.room.Namespace;
import dev.dormouse.room.runtime.SystemExecution;
import dev.dormouse.room.spi.Execution;
import dev.dormouse.saga.ExternalService;
import dev.dormouse.saga.Queue;
import dev.dormouse.saga.Saga;
import dev.dormouse.server.jetty.Subjects;
import dev.dormouse.server.services.HttpService;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Collects what a [RoomServer] is made of where that differs from the defaults, and starts it.
public final class RoomServerBuilder {
  private final List<Namespace> namespaces = new ArrayList<>();
  private final List<Saga<?>> sagas = new ArrayList<>();
  private final List<Queue> queues = new ArrayList<>();
  private final Map<String, ExternalService> services = new HashMap<>();
  private Map<String, String> environment = Map.of();
  private ServerSettings settings = ServerSettings.defaults();
  private Execution execution = new SystemExecution();
  private Subjects subjects = Subjects.KNOWN;
  private @Nullable Duration park;

  RoomServerBuilder() {}

  public RoomServerBuilder namespace(Namespace namespace) {
    namespaces.add(namespace);
    return this;
  }

  public RoomServerBuilder namespaces(List<Namespace> all) {
    namespaces.addAll(all);
    return this;
  }

  /// Adds definitions of sagas; old versions too for as long as sagas of theirs are open.
  public RoomServerBuilder sagas(List<? extends Saga<?>> all) {
    sagas.addAll(all);
    return this;
  }

  /// Declares a queue.
  public RoomServerBuilder queue(Queue queue) {
    queues.add(queue);
    return this;
  }

  /// Adds somebody whom steps of sagas call outside.
  public RoomServerBuilder service(String name, ExternalService service) {
    services.put(name, service);
    return this;
  }

  RoomServerBuilder environment(Map<String, String> variables) {
    environment = variables;
    return this;
  }

  RoomServerBuilder offer(Offer all) {
    namespaces.addAll(all.namespaces());
    sagas.addAll(all.sagas());
    queues.addAll(all.queues());
    services.putAll(all.services());
    return this;
  }

  public RoomServerBuilder data(Path folder) {
    return set(Setting.DATA, folder.toString());
  }

  public RoomServerBuilder host(String host) {
    return set(Setting.HOST, host);
  }

  /// Sets the port to listen on.
  ///
  /// @param port 0 for any that is free
  public RoomServerBuilder port(int port) {
    return set(Setting.PORT, Integer.toString(port));
  }

  /// Sets any setting.
  ///
  /// @throws StartException if the value is not possible
  public RoomServerBuilder set(Setting setting, String value) {
    settings = settings.with(setting, value);
    return this;
  }

  RoomServerBuilder settings(ServerSettings all) {
    settings = all;
    return this;
  }

  /// What the server's threads and timers come from; tests bring one with failpoints.
  RoomServerBuilder execution(Execution other) {
    execution = other;
    return this;
  }

  /// Who is charged for a request, besides its address.
  RoomServerBuilder subjects(Subjects other) {
    subjects = other;
    return this;
  }

  /// How long a WebSocket is idle before it is parked, finer than the setting; for tests.
  RoomServerBuilder park(Duration idle) {
    park = idle;
    return this;
  }

  /// Starts a server and returns when it can be reached.
  ///
  /// @throws StartException if it cannot start; nothing is left running
  public RoomServer start() {
    Duration idle = park == null ? settings.seconds(Setting.PARK) : park;
    List<HttpService> own = new ArrayList<>();
    Map<String, ExternalService> called =
        Opening.services(settings, services, environment, own::add);
    return RoomServer.start(
        settings,
        new Offer(namespaces, sagas, queues, called),
        List.copyOf(own),
        execution,
        subjects,
        idle);
  }
}
