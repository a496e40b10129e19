package dev.dormouse.server;

import dev.dormouse.room.Namespace;
import dev.dormouse.room.spi.Execution;
import dev.dormouse.rooms.bench.BenchNamespace;
import dev.dormouse.rooms.bench.SagaBench;
import dev.dormouse.saga.ExternalService;
import dev.dormouse.saga.Queue;
import dev.dormouse.saga.Saga;
import dev.dormouse.saga.log.ChronicleLogs;
import dev.dormouse.saga.log.LogSettings;
import dev.dormouse.saga.queue.LogException;
import dev.dormouse.saga.queue.node.QueueFigures;
import dev.dormouse.saga.queue.node.QueueNode;
import dev.dormouse.server.limits.Limits;
import dev.dormouse.server.limits.Networks;
import dev.dormouse.server.metrics.ServerMetrics;
import dev.dormouse.server.services.HttpService;
import dev.dormouse.storage.DataFolderException;
import dev.dormouse.storage.SqliteConnectionRecords;
import dev.dormouse.storage.SqliteRoomStore;
import dev.dormouse.storage.StoreSettings;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;

/// What a server opens before its rooms can run, each from its settings.
final class Opening {
  private Opening() {}

  static Limits limits(ServerSettings settings) {
    Networks proxies;
    try {
      proxies = Networks.of(settings.list(Setting.PROXIES));
    } catch (IllegalArgumentException e) {
      throw new StartException("'" + Setting.PROXIES.key() + "': " + e.getMessage(), e);
    }
    return Limits.fitted(
        settings.number(Setting.CLIENTS),
        settings.number(Setting.CLIENTS_PER_ADDRESS),
        settings.number(Setting.HANDSHAKES),
        settings.seconds(Setting.HANDSHAKE),
        proxies,
        Limits.descriptors());
  }

  /// Adds the rooms that are measured, where their port is asked for, unless there are others of
  /// their names. Their sagas are always known: a folder that was measured can be served again.
  static Offer withBench(ServerSettings settings, Offer declared) {
    List<Namespace> namespaces = new ArrayList<>(declared.namespaces());
    if (settings.port(Setting.BENCH).isPresent()) {
      for (Namespace bench : List.of(BenchNamespace.declaration(), SagaBench.declaration())) {
        if (namespaces.stream().noneMatch(other -> other.name().equals(bench.name()))) {
          namespaces.add(bench);
        }
      }
    }
    List<Saga<?>> sagas = new ArrayList<>(declared.sagas());
    sagas.addAll(SagaBench.definitions());
    return new Offer(namespaces, sagas, declared.queues(), declared.services());
  }

  /// The metrics of all that is offered.
  static ServerMetrics metrics(Offer offer) {
    List<String> namespaces =
        new ArrayList<>(offer.namespaces().stream().map(Namespace::name).toList());
    if (!offer.queues().isEmpty()) {
      namespaces.add(QueueNode.NAMESPACE);
    }
    List<String> definitions = offer.sagas().stream().map(Saga::name).distinct().toList();
    return new ServerMetrics(namespaces, definitions, offer.queues(), Main.versionNumber());
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
      return SqliteRoomStore.open(settings.path(Setting.DATA), files, execution, metrics.store());
    } catch (DataFolderException | IllegalArgumentException e) {
      throw new StartException(String.valueOf(e.getMessage()), e);
    }
  }

  static SqliteConnectionRecords records(
      ServerSettings settings, Execution execution, ServerMetrics metrics, SqliteRoomStore store) {
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
      SqliteRoomStore store,
      SqliteConnectionRecords records) {
    Path folder = settings.path(Setting.DATA).resolve("queues");
    try {
      return QueueNode.open(
          declared,
          new ChronicleLogs(folder, LogSettings.defaults(), execution, metrics.queues()),
          execution,
          metrics.queues());
    } catch (LogException | IllegalArgumentException e) {
      records.close();
      store.close();
      throw new StartException("the queues cannot be opened: " + e.getMessage(), e);
    }
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
