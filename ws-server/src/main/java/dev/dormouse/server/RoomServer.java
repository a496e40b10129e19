package dev.dormouse.server;

import dev.dormouse.hibernation.SocketCounters;
import dev.dormouse.hibernation.SocketTable;
import dev.dormouse.room.Namespace;
import dev.dormouse.room.Rooms;
import dev.dormouse.room.runtime.RoomNode;
import dev.dormouse.room.spi.Execution;
import dev.dormouse.room.spi.RoomStore;
import dev.dormouse.saga.SagaLimits;
import dev.dormouse.saga.facility.SagaCounts;
import dev.dormouse.saga.facility.SagaFacility;
import dev.dormouse.saga.facility.SagaRegister;
import dev.dormouse.saga.queue.node.QueueClient;
import dev.dormouse.saga.queue.node.QueueNode;
import dev.dormouse.server.access.Gate;
import dev.dormouse.server.access.Holders;
import dev.dormouse.server.admin.EditFacility;
import dev.dormouse.server.admin.Guests;
import dev.dormouse.server.admin.Inspector;
import dev.dormouse.server.admin.NodeSagas;
import dev.dormouse.server.admin.Offices;
import dev.dormouse.server.admin.RoomDesk;
import dev.dormouse.server.admin.SagaOffice;
import dev.dormouse.server.backup.BackupOffice;
import dev.dormouse.server.cli.AdminNote;
import dev.dormouse.server.http.AdminDoor;
import dev.dormouse.server.http.Probes;
import dev.dormouse.server.http.Problem;
import dev.dormouse.server.jetty.Subjects;
import dev.dormouse.server.limits.Limits;
import dev.dormouse.server.limits.Metering;
import dev.dormouse.server.limits.Reason;
import dev.dormouse.server.limits.Ticks;
import dev.dormouse.server.limits.Turnstile;
import dev.dormouse.server.limits.Users;
import dev.dormouse.server.metrics.ServerMetrics;
import dev.dormouse.server.services.HttpService;
import dev.dormouse.server.tls.Certificates;
import dev.dormouse.storage.JsonCodec;
import dev.dormouse.storage.SqliteConnectionRecords;
import dev.dormouse.storage.SqliteRoomStore;
import dev.dormouse.storage.sql.SqlRoomStore;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A running server: rooms, their storage, and the ports by which clients reach them.
///
/// ```java
/// try (RoomServer server = RoomServer.builder().namespace(chat).data(folder).port(0).start()) {
///   connect(server.url());
/// }
/// ```
///
/// Closing stops it politely (H5): no new work, begun work ends, clients are told to come back.
public final class RoomServer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(RoomServer.class);

  private final ServerSettings settings;
  private final RoomStore store;
  private final SqliteConnectionRecords records;
  private final QueueNode queues;
  private final BackupOffice backups;
  private final AdminNote adminNote;
  private final ServerMetrics metrics;
  private final RoomNode node;
  private final Front front;
  private final SocketTable sockets;
  private final Turnstile turnstile;
  private final List<HttpService> services;
  private final Metering metering;
  private final Load load;
  private final AtomicBoolean stopping;
  private final AtomicBoolean closed = new AtomicBoolean();
  private volatile boolean drained = true;

  private RoomServer(
      ServerSettings settings,
      RoomStore store,
      SqliteConnectionRecords records,
      QueueNode queues,
      BackupOffice backups,
      AdminNote adminNote,
      ServerMetrics metrics,
      RoomNode node,
      Front front,
      SocketTable sockets,
      Turnstile turnstile,
      List<HttpService> services,
      Metering metering,
      Load load,
      AtomicBoolean stopping) {
    this.settings = settings;
    this.store = store;
    this.records = records;
    this.queues = queues;
    this.backups = backups;
    this.adminNote = adminNote;
    this.metrics = metrics;
    this.node = node;
    this.front = front;
    this.sockets = sockets;
    this.turnstile = turnstile;
    this.services = services;
    this.metering = metering;
    this.load = load;
    this.stopping = stopping;
  }

  public static RoomServerBuilder builder() {
    return new RoomServerBuilder();
  }

  /// @param services those that are the server's own: closed with it, and if it does not start
  static RoomServer start(
      ServerSettings settings,
      Offer offer,
      List<HttpService> services,
      Execution execution,
      Subjects subjects,
      Duration park) {
    try {
      return start(settings, offer, execution, subjects, park, services);
    } catch (RuntimeException | Error e) {
      services.forEach(HttpService::close);
      throw e;
    }
  }

  private static RoomServer start(
      ServerSettings settings,
      Offer offer,
      Execution execution,
      Subjects subjects,
      Duration park,
      List<HttpService> services) {
    HeaderCheck.run();
    Contradictions.check(settings);
    Offer all = Opening.withRoomLimits(settings, Opening.withBench(settings, offer));
    OfferLoader.check(all.namespaces());
    ServerMetrics metrics = Opening.metrics(all);
    try {
      return start(settings, all, execution, metrics, subjects, park, services);
    } catch (RuntimeException | Error e) {
      metrics.close();
      throw e;
    }
  }

  private static RoomServer start(
      ServerSettings settings,
      Offer offer,
      Execution execution,
      ServerMetrics metrics,
      Subjects subjects,
      Duration park,
      List<HttpService> services) {
    Limits limits = Bounds.limits(settings);
    boolean beyond = !Front.isLoopback(settings.text(Setting.HOST));
    Gate gate = Opening.gate(settings, beyond, execution);
    Optional<Certificates> certificates = Opening.certificates(settings, execution);
    Ticks ticks = new Ticks(execution);
    Metering metering = Bounds.metering(settings, ticks);
    SqliteRoomStore files = Opening.store(settings, execution, metrics);
    SqlRoomStore store = Opening.sql(settings, offer.namespaces(), execution, files, metrics);
    SqliteConnectionRecords records = Opening.records(settings, execution, metrics, store);
    QueueNode queues =
        Opening.queues(
            settings, offer.queues(), execution, metrics, store, files.lineage(), records);
    try {
      List<Namespace> namespaces = new ArrayList<>(offer.namespaces());
      if (!offer.queues().isEmpty()) {
        namespaces.add(queues.namespace());
      }
      AtomicBoolean stopping = new AtomicBoolean();
      SocketTable sockets = new SocketTable(namespaces, execution, Problem::refusal);
      Load load = new Load(ticks, execution, Bounds.queueMemory(settings), sockets.counters());
      RoomNode node =
          RoomNode.builder()
              .mostAwake(Bounds.awakeRooms(settings))
              .awakeMemory(Bounds.awakeMemory(settings))
              .pressed(load::heavy)
              .namespaces(namespaces)
              .store(store)
              .records(records)
              .sockets(sockets)
              .execution(execution)
              .observer(metrics.rooms())
              .facility(
                  new SagaFacility(
                      offer.sagas(), offer.services(), SagaLimits.defaults(), metrics.sagas()))
              .facility(queues.facility())
              .facility(new EditFacility())
              .codec(new JsonCodec())
              .idKey(files.idKey())
              .build();
      sockets.postTo(node::post);
      load.start(node);
      Holders holders = new Holders();
      Turnstile turnstile = new Turnstile(limits, execution, metering);
      Users users =
          new Users(
              settings.number(Setting.CLIENTS_PER_USER),
              holders::isNobody,
              turnstile.sentAway(Reason.USER));
      if (gate.asks()) {
        sockets.renewBy(Opening.longer(gate, holders, namespaces, node));
        sockets.countBy(users);
        gate.revoked()
            .ifPresent(revoked -> revoked.watch(it -> sockets.revoke(holders.listed(it))));
      }
      metrics.watch(sockets, node, store, turnstile, gate);
      metrics.watchFiles(store::openFiles, store::waitingForFiles);
      SagaCounts counts = new SagaCounts(prefix -> node.countMarks("saga", prefix));
      metrics.watch(counts::open, () -> Opening.figures(queues, execution), execution);
      metrics.watch(metering, load.burden(), load.patience());
      metrics.watchCertificate(certificates);
      Probes probes =
          new Probes(
              node::report,
              () ->
                  stopping.get()
                      ? Optional.of("the server is stopping")
                      : store
                          .trouble()
                          .map(_ -> "the server's disk is full or fails: rooms can only be read")
                          .or(() -> queues.trouble().map(_ -> "the log of a queue is in trouble")),
              metrics::scrape,
              execution);
      Inspector inspector = new Inspector(namespaces, node, store, execution);
      SagaRegister register = Registers.of(node, offer.sagas());
      SagaOffice sagas = new NodeSagas(register, counts, node.rooms(), offer.sagas(), execution);
      BackupOffice backups = Opening.backups(settings, execution, files, store, queues);
      AdminDoor admin =
          new AdminDoor(
              new Offices(
                  inspector,
                  sagas,
                  queues.desk(),
                  Guests.of(sockets),
                  backups,
                  new RoomDesk(store, execution, namespaces)),
              node.rooms(),
              stopping::get,
              execution);
      boolean inspected = settings.port(Setting.ADMIN).isPresent();
      Front front =
          new Front(
              settings,
              namespaces,
              node,
              queues.client(),
              sockets,
              execution,
              probes,
              inspected ? Optional.of(Opening.admin(settings, admin, execution)) : Optional.empty(),
              turnstile,
              gate,
              holders,
              users,
              certificates,
              metering,
              load.burden(),
              subjects,
              park);
      Registers.check(register);
      // Overdue alarms go before any request (A2).
      node.start();
      queues.start(node.rooms());
      front.start();
      LOG.info(
          "up to {} clients are let in, {} from one address; the process may have {} descriptors",
          limits.clients(),
          limits.perAddress(),
          Limits.descriptors());
      AdminNote note = AdminNote.write(settings.path(Setting.DATA), front.adminPort());
      if (front.adminPort() >= 0) {
        LOG.info(
            "the inspector is at http://127.0.0.1:{}; its token is in {}",
            front.adminPort(),
            Opening.adminToken(settings));
      }
      return new RoomServer(
          settings, store, records, queues, backups, note, metrics, node, front, sockets, turnstile,
          services, metering, load, stopping);
    } catch (RuntimeException | Error e) {
      ticks.stop();
      queues.close();
      records.close();
      store.close();
      throw e;
    }
  }

  /// Ids and stubs of this server's rooms, for code outside of rooms: calls block.
  public Rooms rooms() {
    return node.rooms();
  }

  /// The port that it listens on, also if it was asked to take any.
  public int port() {
    return front.port();
  }

  /// The port of the bench room's paths; -1 if it was not asked for.
  public int benchPort() {
    return front.benchPort();
  }

  /// The port of the inspector, on loopback; -1 if it was not asked for.
  public int adminPort() {
    return front.adminPort();
  }

  /// The address of its root, without a slash at the end.
  public String url() {
    String host = settings.text(Setting.HOST);
    String reachable =
        switch (host) {
          case "0.0.0.0" -> "127.0.0.1";
          case "::", "[::]" -> "[::1]";
          default -> host.indexOf(':') >= 0 && !host.startsWith("[") ? "[" + host + "]" : host;
        };
    String scheme = settings.text(Setting.TLS_CERTIFICATE).isEmpty() ? "http" : "https";
    return scheme + "://" + reachable + ":" + port();
  }

  /// The file with the token of the inspector's port.
  Path adminToken() {
    return Opening.adminToken(settings);
  }

  /// How many connections are packed, for tests.
  int packed() {
    return sockets.packed();
  }

  SocketCounters counters() {
    return sockets.counters();
  }

  /// The queues, as clients outside have them; for tests.
  QueueClient queues() {
    return queues.client();
  }

  /// Who is in.
  Turnstile turnstile() {
    return turnstile;
  }

  /// What clients say, as it is counted.
  Metering metering() {
    return metering;
  }

  /// The network side, for what it counts.
  Front front() {
    return front;
  }

  /// Whether the last stop let all begun work end.
  boolean drained() {
    return drained;
  }

  /// Stops: takes nothing new, lets begun work end until the setting `drain` is over, flushes,
  /// tells clients to come back, and closes the storage. Blocks until all is done; a second call
  /// does nothing.
  @Override
  public void close() {
    if (!closed.compareAndSet(false, true)) {
      return;
    }
    stopping.set(true);
    front.stopAccepting();
    drained = node.stop(settings.seconds(Setting.DRAIN));
    if (!drained) {
      LOG.warn(
          "work that took longer than {} s to end was interrupted", settings.text(Setting.DRAIN));
    }
    front.stop();
    backups.close();
    adminNote.close();
    // Calls that outlived the drain fail here: whoever is started next makes them again.
    services.forEach(HttpService::close);
    load.stop();
    queues.close();
    records.close();
    store.close();
    metrics.close();
  }
}
