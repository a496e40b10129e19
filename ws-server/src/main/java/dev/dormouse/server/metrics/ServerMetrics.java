package dev.dormouse.server.metrics;

import dev.dormouse.hibernation.SocketTable;
import dev.dormouse.room.runtime.RoomNode;
import dev.dormouse.room.spi.Execution;
import dev.dormouse.room.spi.RoomObserver;
import dev.dormouse.room.spi.RoomStore;
import dev.dormouse.saga.Queue;
import dev.dormouse.saga.facility.SagaCounts;
import dev.dormouse.saga.facility.SagaObserver;
import dev.dormouse.saga.queue.node.QueueFigures;
import dev.dormouse.saga.queue.node.QueueObserver;
import dev.dormouse.server.access.Gate;
import dev.dormouse.server.limits.Burden;
import dev.dormouse.server.limits.Metering;
import dev.dormouse.server.limits.Patience;
import dev.dormouse.server.limits.Turnstile;
import dev.dormouse.server.tls.Certificates;
import dev.dormouse.storage.StoreObserver;
import dev.dormouse.storage.sql.SqlObserver;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/// All metrics of one server. Each part of it knows one subject; this is where they meet.
///
/// The set of series is fixed at the start: labels are enums and the names of declared namespaces,
/// sagas, queues and groups, never a room, a saga or a connection. `docs/operations.md` lists them,
/// and is checked against this.
///
/// Safe for any thread.
public final class ServerMetrics implements AutoCloseable {
  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final Meters meters = new Meters(registry);
  private final ProcessMetrics process;
  private final RoomMetrics rooms;
  private final StoreMetrics store;
  private final SqlMetrics sql;
  private final SagaMetrics sagas;
  private final QueueMetrics queues;
  private final List<String> namespaces;

  /// What takes its figures once a scrape; complete before the first.
  private final List<Runnable> looks = new ArrayList<>();

  /// @param namespaces the names of all that are declared
  /// @param definitions the names of all definitions of sagas
  /// @param version of the server
  public ServerMetrics(
      List<String> namespaces, List<String> definitions, Collection<Queue> queues, String version) {
    this.namespaces = List.copyOf(namespaces);
    process = new ProcessMetrics(registry, meters, version);
    rooms = new RoomMetrics(meters, namespaces, new RoomLog());
    store = new StoreMetrics(meters);
    sql = new SqlMetrics(meters);
    sagas = new SagaMetrics(meters, definitions);
    this.queues = new QueueMetrics(meters, queues);
  }

  /// What the rooms' runtime tells.
  public RoomObserver rooms() {
    return rooms;
  }

  /// What the store's threads tell.
  public StoreObserver store() {
    return store;
  }

  /// What the store of rooms with SQL tells.
  public SqlObserver sql() {
    return sql;
  }

  /// What sagas tell.
  public SagaObserver sagas() {
    return sagas;
  }

  /// What queues and their logs tell.
  public QueueObserver queues() {
    return queues;
  }

  /// Adds how many sagas are open and what is in the queues. To be called once, before the first
  /// scrape.
  public void watch(
      Supplier<CompletableFuture<List<SagaCounts.Standing>>> open,
      Supplier<CompletableFuture<QueueFigures>> figures,
      Execution execution) {
    var standings = new Look<>("open sagas", List.of(), open, execution::nanoTime);
    var depths =
        new Look<>("queues", new QueueFigures(List.of(), List.of()), figures, execution::nanoTime);
    sagas.watch(meters, standings, execution);
    queues.watch(meters, depths);
    looks.add(standings);
    looks.add(depths);
  }

  /// Adds what is only known when asked. To be called once, before the first scrape.
  public void watch(
      SocketTable sockets, RoomNode node, RoomStore rooms, Turnstile turnstile, Gate gate) {
    ClientMetrics.register(meters, turnstile);
    AccessMetrics.register(meters, gate, sockets);
    SocketMetrics.register(meters, sockets);
    DoormanMetrics.register(meters, sockets);
    store.watch(meters, rooms);
    looks.add(new AwakeRooms(meters, namespaces, node, sockets));
  }

  /// Adds the open files of rooms with SQL. To be called once, before the first scrape.
  ///
  /// @param open how many there are
  /// @param waiting how many rooms wait until they may open theirs
  public void watchFiles(Supplier<Number> open, Supplier<Number> waiting) {
    sql.watch(meters, open, waiting);
  }

  /// Adds how long the certificate lasts. To be called once, before the first scrape.
  ///
  /// @param certificates none without TLS
  public void watchCertificate(Optional<Certificates> certificates) {
    CertificateMetrics.register(meters, certificates);
  }

  /// Adds how the limits hold.
  public void watch(Metering metering, Burden burden, Patience patience) {
    LimitMetrics.register(meters, metering, burden, patience);
  }

  /// Everything in the text format of Prometheus. Looks at every room that is awake.
  public String scrape() {
    looks.forEach(Runnable::run);
    return registry.scrape();
  }

  @Override
  public void close() {
    process.close();
    registry.close();
  }
}
