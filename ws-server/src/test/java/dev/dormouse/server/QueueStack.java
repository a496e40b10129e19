package dev.dormouse.server;

import dev.dormouse.hibernation.SocketTable;
import dev.dormouse.room.Namespace;
import dev.dormouse.room.Rooms;
import dev.dormouse.room.runtime.RoomNode;
import dev.dormouse.room.runtime.SystemExecution;
import dev.dormouse.room.spi.Execution;
import dev.dormouse.saga.Queue;
import dev.dormouse.saga.log.ChronicleLogs;
import dev.dormouse.saga.log.LogSettings;
import dev.dormouse.saga.queue.node.QueueNode;
import dev.dormouse.server.http.Problem;
import dev.dormouse.storage.JsonCodec;
import dev.dormouse.storage.SqliteConnectionRecords;
import dev.dormouse.storage.SqliteRoomStore;
import dev.dormouse.storage.StoreSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// Rooms and queues on real files, without the network: what a server is made of.
final class QueueStack implements AutoCloseable {
  private final SqliteRoomStore store;
  private final SqliteConnectionRecords records;
  private final RoomNode node;
  private final QueueNode queues;

  private QueueStack(
      SqliteRoomStore store, SqliteConnectionRecords records, RoomNode node, QueueNode queues) {
    this.store = store;
    this.records = records;
    this.node = node;
    this.queues = queues;
  }

  static QueueStack open(Path folder, List<Namespace> declared, Queue... queues) throws Exception {
    Execution execution = new SystemExecution();
    SqliteRoomStore store = SqliteRoomStore.open(folder, StoreSettings.defaults(), execution);
    SqliteConnectionRecords records = SqliteConnectionRecords.open(folder, execution);
    QueueNode open =
        QueueNode.open(
            List.of(queues),
            new ChronicleLogs(folder.resolve("queues"), LogSettings.defaults(), execution),
            execution);
    List<Namespace> namespaces = new ArrayList<>(declared);
    namespaces.add(open.namespace());
    SocketTable sockets = new SocketTable(namespaces, execution, Problem::refusal);
    RoomNode node =
        RoomNode.builder()
            .namespaces(namespaces)
            .store(store)
            .records(records)
            .sockets(sockets)
            .execution(execution)
            .facility(open.facility())
            .codec(new JsonCodec())
            .idKey(store.idKey())
            .build();
    sockets.postTo(node::post);
    node.start();
    open.start(node.rooms());
    return new QueueStack(store, records, node, open);
  }

  Rooms rooms() {
    return node.rooms();
  }

  QueueNode queues() {
    return queues;
  }

  @Override
  public void close() {
    node.stop(Duration.ofSeconds(10));
    queues.close();
    records.close();
    store.close();
  }
}
