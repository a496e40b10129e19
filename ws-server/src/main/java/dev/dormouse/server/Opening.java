package dev.dormouse.server;

import dev.dormouse.room.Namespace;
import dev.dormouse.room.RoomId;
import dev.dormouse.room.RoomLimits;
import dev.dormouse.room.runtime.RoomNode;
import dev.dormouse.room.spi.Execution;
import dev.dormouse.room.spi.RoomStore;
import dev.dormouse.rooms.bench.BenchNamespace;
import dev.dormouse.rooms.bench.SagaBench;
import dev.dormouse.rooms.bench.SqlBench;
import dev.dormouse.saga.ExternalService;
import dev.dormouse.saga.Queue;
import dev.dormouse.saga.Saga;
import dev.dormouse.saga.log.ChronicleLogs;
import dev.dormouse.saga.log.LogBackup;
import dev.dormouse.saga.log.LogSettings;
import dev.dormouse.saga.queue.LogException;
import dev.dormouse.saga.queue.node.QueueFigures;
import dev.dormouse.saga.queue.node.QueueNode;
import dev.dormouse.server.access.AdminToken;
import dev.dormouse.server.access.Gate;
import dev.dormouse.server.access.GateSettings;
import dev.dormouse.server.access.Grants;
import dev.dormouse.server.access.Holders;
import dev.dormouse.server.access.Longer;
import dev.dormouse.server.backup.Backup;
import dev.dormouse.server.backup.BackupOffice;
import dev.dormouse.server.http.AdminDoor;
import dev.dormouse.server.http.AdminGate;
import dev.dormouse.server.metrics.ServerMetrics;
import dev.dormouse.server.services.HttpService;
import dev.dormouse.server.tls.CertificateFiles;
import dev.dormouse.server.tls.Certificates;
import dev.dormouse.storage.DataFolderException;
import dev.dormouse.storage.SqliteConnectionRecords;
import dev.dormouse.storage.SqliteRoomStore;
import dev.dormouse.storage.StoreSettings;
import dev.dormouse.storage.StoredFormat;
import dev.dormouse.storage.sql.SqlRoomStore;
import dev.dormouse.storage.sql.SqlSettings;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What a server opens before its rooms can run, each from its settings.
final class Opening {
  private static final Logger LOG = LoggerFactory.getLogger(Opening.class);

  /// How long storage may take to say a room's name.
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private static final String ADMIN_TOKEN = "admin-token";

  private Opening() {}

  /// Who is let in. Also sees to it that nobody is let in by oversight.
  ///
  /// @param beyond whether others than this machine can reach the server
  static Gate gate(ServerSettings settings, boolean beyond, Execution execution) {
    Grants anonymous;
    try {
      anonymous = Grants.of(settings.list(Setting.ANONYMOUS));
    } catch (IllegalArgumentException e) {
      throw new StartException("'" + Setting.ANONYMOUS.key() + "': " + e.getMessage(), e);
    }
    Gate gate;
    try {
      gate =
          new GateSettings(
                  settings.text(Setting.ACCESS_SECRET),
                  settings.text(Setting.ACCESS_KEYS),
                  settings.text(Setting.ACCESS_ISSUER),
                  settings.list(Setting.ACCESS_AUDIENCE),
                  settings.seconds(Setting.ACCESS_SKEW),
                  settings.text(Setting.ACCESS_CLAIM),
                  settings.seconds(Setting.ACCESS_REFRESH),
                  settings.text(Setting.ACCESS_REVOKED),
                  anonymous)
              .gate(execution);
    } catch (IOException | IllegalArgumentException e) {
      throw new StartException("access: " + e.getMessage(), e);
    }
    if (beyond && !gate.asks() && !settings.yes(Setting.OPEN)) {
      throw new StartException(
          ("on '%s' everybody who reaches this server could do everything: name the keys of tokens"
                  + " with --access-keys or --access-secret (docs/security.md), or say --open if"
                  + " something in front of it asks who is there")
              .formatted(settings.text(Setting.HOST)));
    }
    return gate;
  }

  /// Lets connections stay longer. A room's name, which grants are about, may be known to its
  /// storage only.
  static Longer longer(Gate gate, Holders holders, List<Namespace> namespaces, RoomNode node) {
    Map<String, Namespace> byName = new HashMap<>();
    namespaces.forEach(namespace -> byName.put(namespace.name(), namespace));
    return new Longer(
        gate,
        holders,
        byName,
        room -> {
          try {
            RoomId known =
                room.name().isPresent()
                    ? room
                    : node.report(room).get(PATIENCE.toSeconds(), TimeUnit.SECONDS).room();
            return known.name().orElse("");
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
          } catch (ExecutionException | TimeoutException e) {
            throw new IOException("the name of " + room + " cannot be read", e);
          }
        });
  }

  /// The server's certificate; empty if it does not speak TLS.
  static Optional<Certificates> certificates(ServerSettings settings, Execution execution) {
    if (settings.text(Setting.TLS_CERTIFICATE).isEmpty()) {
      return Optional.empty();
    }
    CertificateFiles files =
        new CertificateFiles(
            settings.path(Setting.TLS_CERTIFICATE),
            path(settings, Setting.TLS_KEY),
            path(settings, Setting.TLS_PASSWORD));
    try {
      return Optional.of(new Certificates(files, execution));
    } catch (IOException e) {
      throw new StartException("TLS: " + e.getMessage(), e);
    }
  }

  private static @Nullable Path path(ServerSettings settings, Setting setting) {
    return settings.text(setting).isEmpty() ? null : settings.path(setting);
  }

  /// Where the token of the inspector's port is.
  static Path adminToken(ServerSettings settings) {
    return settings.text(Setting.ADMIN_TOKEN).isEmpty()
        ? settings.path(Setting.DATA).resolve(ADMIN_TOKEN)
        : settings.path(Setting.ADMIN_TOKEN);
  }

  /// The inspector's port behind its gate. The data folder is there by now.
  static AdminGate admin(ServerSettings settings, AdminDoor door, Execution execution) {
    Path file = adminToken(settings);
    try {
      AdminToken token =
          settings.text(Setting.ADMIN_TOKEN).isEmpty()
              ? AdminToken.kept(file)
              : AdminToken.in(file);
      return new AdminGate(door, token, execution);
    } catch (IOException e) {
      throw new StartException(
          "the admin token in %s cannot be used: %s".formatted(file, e.getMessage()), e);
    }
  }

  /// Adds the rooms that are measured, where their port is asked for, unless there are others of
  /// their names. Their sagas are always known: a folder that was measured can be served again.
  static Offer withBench(ServerSettings settings, Offer declared) {
    List<Namespace> namespaces = new ArrayList<>(declared.namespaces());
    if (settings.port(Setting.BENCH).isPresent()) {
      for (Namespace bench :
          List.of(BenchNamespace.declaration(), SagaBench.declaration(), SqlBench.declaration())) {
        if (namespaces.stream().noneMatch(other -> other.name().equals(bench.name()))) {
          namespaces.add(bench);
        }
      }
    }
    List<Saga<?>> sagas = new ArrayList<>(declared.sagas());
    sagas.addAll(SagaBench.definitions());
    return new Offer(namespaces, sagas, declared.queues(), declared.services());
  }

  /// Gives rooms the space that the settings name, where they name any.
  static Offer withRoomLimits(ServerSettings settings, Offer declared) {
    RoomAmounts bytes = RoomAmounts.of(settings, Setting.ROOM_BYTES, declared.namespaces());
    RoomAmounts keys = RoomAmounts.of(settings, Setting.ROOM_KEYS, declared.namespaces());
    List<Namespace> namespaces =
        declared.namespaces().stream()
            .map(namespace -> {
              RoomLimits limits = namespace.limits();
              return namespace.with(
                  limits.withStored(
                      bytes.of(namespace).orElse(limits.storedBytes()),
                      keys.of(namespace).orElse(limits.storedKeys())));
            })
            .toList();
    return new Offer(namespaces, declared.sagas(), declared.queues(), declared.services());
  }

  /// The metrics of all that is offered.
  static ServerMetrics metrics(Offer offer) {
    List<String> namespaces =
        new ArrayList<>(offer.namespaces().stream().map(Namespace::name).toList());
    if (!offer.queues().isEmpty()) {
      namespaces.add(QueueNode.NAMESPACE);
    }
    List<String> definitions = offer.sagas().stream().map(Saga::name).distinct().toList();
    return new ServerMetrics(namespaces, definitions, offer.queues(), Version.number());
  }

  /// What is in the queues, read on a thread that may wait for their logs.
  static CompletableFuture<QueueFigures> figures(QueueNode queues, Execution execution) {
    CompletableFuture<QueueFigures> figures = new CompletableFuture<>();
    execution.start(
        "queue figures",
        () -> {
          try {
            figures.complete(queues.figures());
          } catch (LogException | ExecutionException | RuntimeException e) {
            figures.completeExceptionally(e);
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            figures.completeExceptionally(e);
          }
        });
    return figures;
  }

  static SqliteRoomStore store(
      ServerSettings settings, Execution execution, ServerMetrics metrics) {
    try {
      StoreSettings files =
          StoreSettings.defaults().withFiles(settings.number(Setting.STORE_FILES));
      Path data = settings.path(Setting.DATA);
      if (StoredFormat.of(data).filter(StoredFormat::older).isPresent()) {
        LOG.warn(
            "{} was written by an earlier version: it is brought to format {}, which that one cannot"
                + " open any more",
            data,
            StoredFormat.CURRENT);
      }
      return SqliteRoomStore.open(data, files, execution, metrics.store());
    } catch (IOException | IllegalArgumentException e) {
      throw new StartException(String.valueOf(e.getMessage()), e);
    }
  }

  /// Rooms with SQL have files of their own, beside the store of all others.
  static SqlRoomStore sql(
      ServerSettings settings,
      List<Namespace> namespaces,
      Execution execution,
      SqliteRoomStore others,
      ServerMetrics metrics) {
    Path folder = settings.path(Setting.DATA);
    Set<String> withSql =
        namespaces.stream()
            .filter(Namespace::withSql)
            .map(Namespace::name)
            .collect(Collectors.toUnmodifiableSet());
    SqlRoomStore store = null;
    try {
      SqlSettings limits =
          SqlSettings.defaults()
              .withOpenFiles(settings.number(Setting.SQL_FILES))
              .withRoomBytes((long) settings.number(Setting.SQL_MEGABYTES) << 20);
      store = SqlRoomStore.open(others, folder, withSql, limits, execution, metrics.sql());
      for (Namespace namespace : namespaces) {
        if (!namespace.withSql() && store.hasFilesOf(namespace.name())) {
          throw new IllegalArgumentException(
              "the namespace '"
                  + namespace.name()
                  + "' is declared without withSql(), and this data folder has rooms of it with"
                  + " SQL: take another name for it");
        }
      }
      return store;
    } catch (DataFolderException | IllegalArgumentException e) {
      (store == null ? others : store).close();
      throw new StartException(String.valueOf(e.getMessage()), e);
    }
  }

  static SqliteConnectionRecords records(
      ServerSettings settings, Execution execution, ServerMetrics metrics, RoomStore store) {
    try {
      return SqliteConnectionRecords.open(settings.path(Setting.DATA), execution, metrics.store());
    } catch (DataFolderException e) {
      store.close();
      throw new StartException(String.valueOf(e.getMessage()), e);
    }
  }

  /// The queues' logs lie below the data folder, and are made when queues are declared.
  static QueueNode queues(
      ServerSettings settings,
      List<Queue> declared,
      Execution execution,
      ServerMetrics metrics,
      RoomStore store,
      String lineage,
      SqliteConnectionRecords records) {
    Path folder = settings.path(Setting.DATA).resolve("queues");
    try {
      return QueueNode.open(
          declared,
          new ChronicleLogs(folder, LogSettings.defaults(), execution, metrics.queues()),
          execution,
          metrics.queues(),
          lineage);
    } catch (LogException | IllegalArgumentException e) {
      records.close();
      store.close();
      throw new StartException("the queues cannot be opened: " + e.getMessage(), e);
    }
  }

  /// What makes backups of this server.
  static BackupOffice backups(
      ServerSettings settings,
      Execution execution,
      SqliteRoomStore files,
      SqlRoomStore store,
      QueueNode queues) {
    Path folder = settings.path(Setting.DATA).resolve("queues");
    LogBackup.Users users = new LogBackup.Users(queues::keep, queues::logs);
    return new BackupOffice(
        new Backup(
            List.of(
                new LogBackup(new ChronicleLogs(folder, LogSettings.defaults(), execution), users),
                store.backup(),
                files.backup()),
            StoredFormat.CURRENT,
            settings.number(Setting.STORE_FILES),
            Version.number(),
            execution));
  }

  /// Those that were offered, and over them those that the settings name, called over HTTP.
  ///
  /// @param environment may hold what they want to see as `Authorization`
  /// @param made is given those that are made here, to be closed
  static Map<String, ExternalService> services(
      ServerSettings settings,
      Map<String, ExternalService> offered,
      Map<String, String> environment,
      Consumer<HttpService> made) {
    Map<String, ExternalService> all = new HashMap<>(offered);
    for (String each : settings.list(Setting.SERVICE)) {
      int equals = each.indexOf('=');
      if (equals < 1) {
        throw new StartException(
            "'" + Setting.SERVICE.key() + "' takes name=address, not '" + each + "'");
      }
      String name = each.substring(0, equals).strip();
      try {
        URI address = new URI(each.substring(equals + 1).strip());
        HttpService service = HttpService.of(name, address, environment);
        made.accept(service);
        all.put(name, service);
      } catch (URISyntaxException | IllegalArgumentException e) {
        throw new StartException(
            "'" + Setting.SERVICE.key() + "' for '" + name + "': " + e.getMessage(), e);
      }
    }
    return all;
  }
}
