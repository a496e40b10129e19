package dev.dormouse.server.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.dormouse.room.Alarm;
import dev.dormouse.room.HttpCall;
import dev.dormouse.room.HttpReply;
import dev.dormouse.room.Namespace;
import dev.dormouse.room.Room;
import dev.dormouse.room.RoomContext;
import dev.dormouse.room.RoomId;
import dev.dormouse.room.RoomLimits;
import dev.dormouse.room.runtime.RoomNode;
import dev.dormouse.room.runtime.SystemExecution;
import dev.dormouse.saga.SagaStatus;
import dev.dormouse.saga.queue.MessageState;
import dev.dormouse.server.access.AdminToken;
import dev.dormouse.server.admin.EditFacility;
import dev.dormouse.server.admin.Inspector;
import dev.dormouse.server.admin.Offices;
import dev.dormouse.server.admin.RoomDesk;
import dev.dormouse.server.backup.Backup;
import dev.dormouse.server.backup.BackupOffice;
import dev.dormouse.storage.DataFolderException;
import dev.dormouse.storage.JsonCodec;
import dev.dormouse.storage.sql.SqlRoomStore;
import dev.dormouse.storage.sql.SqlSettings;
import dev.dormouse.testkit.FakeSockets;
import dev.dormouse.testkit.MemoryConnectionRecords;
import dev.dormouse.testkit.MemoryDisk;
import dev.dormouse.testkit.MemoryRoomStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.jspecify.annotations.Nullable;

/// The admin port before rooms in memory and one with tables in a file, sagas in every state and a
/// queue, without anything behind: for what is asked and shown, not for what it does. Some names
/// and payloads are those of somebody who means harm.
public final class AdminStage implements AutoCloseable {
  /// What would run if a page took it for its own.
  public static final String HOSTILE =
      "<img src=x onerror=\"window.harmed=1\"><script>window.harmed=1</script>";

  private final Server jetty = new Server();
  private final ServerConnector connector = new ServerConnector(jetty, 1, 1);
  private final Path folder;
  private final SqlRoomStore store;
  private final RoomNode node;
  private final StagedSagas sagas;
  private final StagedQueues queues;
  private final StagedGuests guests;

  /// @param token what it wants to see; null for nothing
  private AdminStage(@Nullable String token) throws IOException, DataFolderException {
    SystemExecution execution = new SystemExecution();
    folder = Files.createTempDirectory("dormouse-stage");
    store =
        SqlRoomStore.open(
            new MemoryRoomStore(execution, new MemoryDisk()),
            folder,
            Set.of("ledgers"),
            SqlSettings.defaults(),
            execution);
    List<Namespace> namespaces =
        List.of(
            namespace("shop", Duration.ofHours(1)).build(),
            namespace("desks", Duration.ofMillis(20)).build(),
            namespace("ledgers", Duration.ofHours(1)).withSql().build());
    node =
        RoomNode.builder()
            .namespaces(namespaces)
            .store(store)
            .records(new MemoryConnectionRecords(execution))
            .sockets(new FakeSockets())
            .execution(execution)
            .facility(new StagedRows())
            .facility(new EditFacility())
            .codec(new JsonCodec())
            .idKey(new byte[32])
            .build();
    Instant now = Instant.now();
    sagas = new StagedSagas(now);
    queues = new StagedQueues(now.toEpochMilli());
    guests = new StagedGuests(now.getEpochSecond());
    node.start();
    fill();
    Inspector inspector = new Inspector(namespaces, node, store, execution);
    AdminDoor door =
        new AdminDoor(
            new Offices(
                inspector,
                sagas,
                queues,
                guests,
                new BackupOffice(new Backup(List.of(), 1, 1, "staged", execution)),
                new RoomDesk(store, execution, namespaces)),
            node.rooms(),
            () -> false,
            execution);
    connector.setHost("127.0.0.1");
    jetty.addConnector(connector);
    Request.Handler gate =
        token == null ? door : new AdminGate(door, AdminToken.of(token), execution);
    jetty.setHandler(new Doors(Map.of(connector, gate)));
    jetty.setErrorHandler(new JsonErrors());
  }

  private static Namespace.Builder namespace(String name, Duration idle) {
    return Namespace.named(name, Keeper::new).limits(RoomLimits.defaults().withIdle(idle));
  }

  /// Stores what it is sent, and sets alarms for days to come.
  private record Keeper(RoomContext context) implements Room {
    private static Duration due(String alarm) {
      return Duration.ofDays(alarm.equals("remind") ? 3 : 4);
    }

    @Override
    public HttpReply onRequest(HttpCall call) throws InterruptedException {
      switch (call.method()) {
        case "PUT" -> context.storage().put(call.path(), call.body());
        case "PATCH" -> context.storage().sql().exec(call.text());
        case "POST" -> context.alarms().set(call.path(), Instant.now().plus(due(call.path())));
        default -> Thread.sleep(30_000);
      }
      return HttpReply.text(200, "kept");
    }

    @Override
    public void onAlarm(Alarm alarm) {
      context.storage().putText("rang", alarm.name());
    }
  }

  /// One that asks nobody who he is.
  public static AdminStage start() throws Exception {
    return start(null);
  }

  /// One that wants to see a token.
  public static AdminStage start(@Nullable String token) throws Exception {
    AdminStage stage = new AdminStage(token);
    stage.jetty.start();
    return stage;
  }

  private void fill() {
    RoomId lisbon = room("shop", "trips/lisbon");
    RoomId oslo = room("shop", "trips/oslo");
    RoomId hostile = room("shop", HOSTILE);
    stock(lisbon, hostile);
    keepBooks(room("ledgers", "2026"));
    for (int i = 1; i <= 60; i++) {
      room("desks", "desk-" + i);
    }
    sagas.put(
        lisbon,
        "trip-1042",
        SagaStatus.PARKED_FORWARD,
        "tickets was refused: the printer of gate 7 is out of paper");
    sagas.put(
        oslo,
        "trip-1043",
        SagaStatus.PARKED_BACKWARD,
        "car was refused: no car left; the hotel's desk cannot be reached");
    sagas.put(oslo, "trip-1044", SagaStatus.RUNNING, "");
    sagas.put(lisbon, "trip-1045", SagaStatus.COMPENSATING, "car was refused: no car left");
    sagas.put(lisbon, "trip-1046", SagaStatus.COMPLETED, "");
    sagas.put(lisbon, "trip-1047", SagaStatus.COMPENSATED, "cancelled by ada: changed her mind");
    sagas.put(hostile, "trip-666", SagaStatus.PARKED_FORWARD, HOSTILE);
    for (int i = 1; i <= 70; i++) {
      sagas.put(oslo, "bulk-%03d".formatted(i), SagaStatus.RUNNING, "");
    }
    queues.put(MessageState.DEAD, "m-40", "550 no such user", "{\"to\": \"nobody@example.com\"}");
    queues.put(MessageState.DEAD, HOSTILE, HOSTILE, HOSTILE);
    queues.put(MessageState.LEASED, "m-42", "", "{\"to\": \"ada@example.com\"}");
    queues.put(MessageState.DELAYED, "m-43", "timed out", "{\"to\": \"ben@example.com\"}");
    queues.put(MessageState.READY, "m-44", "", "{\"to\": \"cleo@example.com\"}");
  }

  /// Rooms with something to look at.
  private void stock(RoomId lisbon, RoomId hostile) {
    String itinerary = "{\"days\":3,\"stops\":[\"Lisbon\",\"Porto\"]}";
    send(lisbon, "PUT", "itinerary", itinerary.getBytes(UTF_8));
    send(lisbon, "PUT", "thumbnail", new byte[] {(byte) 0x89, 'P', 'N', 'G', 13, 10, 26, 10});
    for (int i = 1; i <= 30; i++) {
      send(lisbon, "PUT", "seat/%03d".formatted(i), ("taken by " + i).getBytes(UTF_8));
    }
    send(lisbon, "POST", "remind", new byte[0]);
    send(lisbon, "POST", "forget", new byte[0]);
    send(hostile, "PUT", HOSTILE, HOSTILE.getBytes(UTF_8));
    send(hostile, "POST", HOSTILE, new byte[0]);
    for (int i = 1; i <= 45; i++) {
      guests.put(lisbon, i % 2 == 0, i % 3 == 0, "seat-" + i);
    }
    guests.put(hostile, false, false, HOSTILE);
  }

  /// A room with tables.
  private void keepBooks(RoomId ledger) {
    String hostile = HOSTILE.replace("'", "''");
    for (String sql :
        List.of(
            "CREATE TABLE posting (id INTEGER PRIMARY KEY, account TEXT, cents INTEGER, note)",
            "CREATE INDEX by_account ON posting (account)",
            "INSERT INTO posting SELECT value, 'rent', -90000 - value, NULL FROM"
                + " json_each('[1,2,3,4,5,6,7,8,9]')",
            "INSERT INTO posting VALUES (100, 'gifts', 9223372036854775807, x'89504e470d0a1a0a')",
            "INSERT INTO posting VALUES (101, 'post', 120, 'stamps, "
                + "and more stamps, ".repeat(20)
                + "and glue')",
            "INSERT INTO posting VALUES (666, '%s', 0, '%s')".formatted(hostile, hostile))) {
      send(ledger, "PATCH", "", sql.getBytes(UTF_8));
    }
  }

  private void send(RoomId room, String method, String path, byte[] body) {
    node.rooms().request(room, new HttpCall(method, path, Map.of(), Map.of(), body));
  }

  private RoomId room(String namespace, String name) {
    RoomId room = node.rooms().idFromName(namespace, name);
    send(room, "PUT", "value", "x".getBytes(UTF_8));
    return room;
  }

  /// Has a room work on something until it is told to stop; returns who waits for its answer.
  Thread busy(String namespace, String name, Consumer<RuntimeException> told) {
    RoomId room = node.rooms().idFromName(namespace, name);
    return Thread.ofVirtual()
        .start(() -> {
          try {
            send(room, "GET", "work", new byte[0]);
          } catch (RuntimeException e) {
            told.accept(e);
          }
        });
  }

  public int port() {
    return connector.getLocalPort();
  }

  /// What was wanted of sagas so far, in order.
  public List<String> sagaOrders() {
    return sagas.given().stream().map(Object::toString).toList();
  }

  /// What was wanted of the group so far, in order.
  public List<String> queueOrders() {
    return queues.given();
  }

  /// Which connections were closed so far, in order.
  public List<String> closed() {
    return guests.closed();
  }

  @Override
  public void close() {
    try {
      jetty.stop();
    } catch (Exception e) {
      throw new IllegalStateException("the stage does not stop", e);
    }
    node.stop(Duration.ofSeconds(5));
    store.close();
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(each);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("the stage's folder stays", e);
    }
  }

  /// Runs until standard input ends, for who wants to look at the page.
  public static void main(String[] arguments) throws Exception {
    try (AdminStage stage = start()) {
      System.out.println("http://127.0.0.1:" + stage.port());
      while (System.in.read() >= 0) {}
    }
  }
}
