package dev.dormouse.testkit;

import dev.dormouse.room.Admission;
import dev.dormouse.room.Codec;
import dev.dormouse.room.HttpCall;
import dev.dormouse.room.HttpReply;
import dev.dormouse.room.Identity;
import dev.dormouse.room.Namespace;
import dev.dormouse.room.RoomId;
import dev.dormouse.room.Rooms;
import dev.dormouse.room.Upgrade;
import dev.dormouse.room.runtime.RoomNode;
import dev.dormouse.room.runtime.RoomNodeBuilder;
import dev.dormouse.room.spi.Event;
import dev.dormouse.room.spi.Execution;
import dev.dormouse.room.spi.Facility;
import dev.dormouse.room.spi.RoomObserver;
import dev.dormouse.room.spi.RoomStore;
import dev.dormouse.testkit.FakeSockets.Answer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Runs rooms in a test, without sockets, disk or real time.
///
/// ```java
/// RoomTester.of(namespace).run(t -> {
///   FakeConnection ada = t.connect("chat", "lobby");
///   ada.send("hello");
///   t.settle();
///   assertThat(ada.texts()).containsExactly("hello");
/// });
/// ```
///
/// All that happens inside [#run] happens in an order drawn from the seed, and a failure names the
/// seed. To be used from the scenario's thread.
public final class RoomTester {
  private final List<Namespace> namespaces;
  private final SeededExecution execution;
  private final MemoryDisk disk = new MemoryDisk();
  private Codec codec = new SerialCodec();
  private RoomObserver observer = new FailingObserver();
  private final List<Facility> facilities = new ArrayList<>();
  private int wholeKeys = 1_000;
  private long awakeMemory = Long.MAX_VALUE / 4;
  private FakeSockets sockets;
  private MemoryRoomStore store;
  private MemoryConnectionRecords records;

  /// What the rooms are stored by: the store in memory, or one over it.
  private RoomStore stored;

  private Over over = (memory, _) -> memory;
  private Consumer<RoomStore> dies = _ -> {};

  /// Null until it is used: each setting makes it another.
  private @Nullable RoomNode node;

  private RoomTester(long seed, List<Namespace> namespaces) {
    this.namespaces = namespaces;
    execution = new SeededExecution(seed);
    sockets = new FakeSockets(namespaces, execution, 0);
    store = new MemoryRoomStore(execution, disk, wholeKeys);
    records = new MemoryConnectionRecords(execution);
    stored = store;
  }

  public static RoomTester of(Namespace... namespaces) {
    return seeded(1, namespaces);
  }

  public static RoomTester seeded(long seed, Namespace... namespaces) {
    return new RoomTester(seed, List.of(namespaces));
  }

  /// Uses `codec` for mapped values and calls; the default is Java serialization.
  public RoomTester codec(Codec codec) {
    this.codec = codec;
    node = null;
    return this;
  }

  /// Tells `observer` what the runtime does. The default one fails the test on an error of the
  /// runtime's own.
  public RoomTester observer(RoomObserver observer) {
    this.observer = observer;
    node = null;
    return this;
  }

  /// Adds a facility to all rooms.
  public RoomTester facility(Facility facility) {
    facilities.add(facility);
    node = null;
    return this;
  }

  /// Rooms with more keys than this are read on demand; with -1 those that are new too.
  public RoomTester wholeKeys(int count) {
    wholeKeys = count;
    store = new MemoryRoomStore(execution, disk, wholeKeys);
    node = null;
    return this;
  }

  /// Large rooms may take so many bytes of memory together.
  public RoomTester awakeMemory(long bytes) {
    awakeMemory = bytes;
    node = null;
    return this;
  }

  /// Puts another store over the one in memory, such as one that has SQL.
  ///
  /// @param dies what becomes of that store when the process dies
  public RoomTester storedBy(Over over, Consumer<RoomStore> dies) {
    this.over = over;
    this.dies = dies;
    node = null;
    return this;
  }

  private RoomNode newNode() {
    try {
      stored = over.over(store, execution);
    } catch (Exception e) {
      throw new IllegalStateException("the rooms' store cannot be opened", e);
    }
    byte[] key = new byte[32];
    Arrays.fill(key, (byte) 7);
    RoomNodeBuilder builder =
        RoomNode.builder()
            .namespaces(namespaces)
            .store(stored)
            .records(records)
            .sockets(sockets)
            .execution(execution)
            .observer(observer)
            .codec(codec)
            .idKey(key)
            .awakeMemory(awakeMemory);
    facilities.forEach(builder::facility);
    return builder.build();
  }

  /// Starts the node, runs `scenario`, and everything that it sets going.
  public void run(Scenario scenario) {
    execution.run(() -> {
      node().start();
      scenario.run(this);
    });
  }

  private final class FailingObserver implements RoomObserver {
    @Override
    public void runtimeFailed(String what, Throwable failure) {
      execution.fail(new AssertionError("the runtime failed while " + what, failure));
    }
  }

  /// Opens a store over the one in memory. It must not use threads of its own.
  @FunctionalInterface
  public interface Over {
    RoomStore over(RoomStore memory, Execution execution) throws Exception;
  }

  /// What a test does.
  @FunctionalInterface
  public interface Scenario {
    void run(RoomTester tester) throws Exception;
  }

  public SeededExecution execution() {
    return execution;
  }

  public FakeSockets sockets() {
    return sockets;
  }

  public MemoryRoomStore store() {
    return store;
  }

  public MemoryConnectionRecords records() {
    return records;
  }

  public MemoryDisk disk() {
    return disk;
  }

  public RoomNode node() {
    RoomNode built = node;
    if (built == null) {
      built = newNode();
      node = built;
    }
    return built;
  }

  public Rooms rooms() {
    return node().rooms();
  }

  public RoomId id(String namespace, String name) {
    return node().rooms().idFromName(namespace, name);
  }

  /// Lets everybody else run until they all wait.
  public void settle() {
    execution.settle();
  }

  /// Lets time pass, with all that falls due in it.
  public void advance(Duration duration) {
    execution.advance(duration);
  }

  /// The process dies at once and starts again on what was durable: sockets are gone, nothing that
  /// ran is told.
  public void crash() {
    store.crash();
    dies.accept(stored);
    restart();
  }

  /// The process stops politely and starts again.
  public void stopAndStart() {
    node().stop(Duration.ofSeconds(30));
    stored.close();
    restart();
  }

  private void restart() {
    // What the old process still says reaches nobody, and no key is ever used again.
    sockets.probe((room, effect) -> {});
    sockets = new FakeSockets(namespaces, execution, sockets.lastKey());
    store = new MemoryRoomStore(execution, disk, wholeKeys);
    records = new MemoryConnectionRecords(execution);
    node = null;
    node().start();
  }

  /// Connects and settles.
  ///
  /// @throws AssertionError if the room refuses
  public FakeConnection connect(String namespace, String name) {
    return connect(namespace, name, Map.of());
  }

  /// Connects with query parameters, and settles.
  public FakeConnection connect(String namespace, String name, Map<String, String> query) {
    FakeConnection connection = connecting(namespace, name, upgrade(query));
    settle();
    return connection;
  }

  /// An upgrade without headers and sub-protocols.
  public static Upgrade upgrade(Map<String, String> query) {
    Map<String, List<String>> parameters = new java.util.HashMap<>();
    query.forEach((key, value) -> parameters.put(key, List.of(value)));
    return new Upgrade(parameters, Map.of(), List.of(), "127.0.0.1");
  }

  /// Connects as somebody, and settles.
  public FakeConnection connect(String namespace, String name, Identity identity) {
    FakeConnection connection =
        connecting(
            namespace, name, new Upgrade(Map.of(), Map.of(), List.of(), "127.0.0.1", identity));
    settle();
    return connection;
  }

  /// Connects; waits for the room's admission, but not for [dev.dormouse.room.Room#onOpen].
  public FakeConnection connecting(String namespace, String name, Upgrade upgrade) {
    RoomId id = id(namespace, name);
    return switch (ask(id, exchange -> new Event.Connect(exchange, upgrade))) {
      case Answer.Admitted(Admission.Accepted accepted) ->
          opened(namespace, name, accepted.atMost(upgrade.identity().access()));
      case Answer other -> throw new AssertionError(id + " did not admit a client: " + other);
    };
  }

  /// A connection whose handshake is done, as if the room had admitted it so; its doorman hears of
  /// it at once, the room in its turn.
  public FakeConnection opened(String namespace, String name, Admission.Accepted admission) {
    RoomId id = id(namespace, name);
    RoomNode to = node();
    FakeConnection connection = sockets.open(id, admission, event -> to.post(id, event));
    to.post(id, new Event.Opened(connection.key(), admission));
    return connection;
  }

  /// What the room says to an upgrade.
  public Answer knock(String namespace, String name, Upgrade upgrade) {
    return ask(id(namespace, name), exchange -> new Event.Connect(exchange, upgrade));
  }

  /// What the room answers.
  ///
  /// @throws AssertionError if it declines
  public HttpReply request(String namespace, String name, HttpCall call) {
    return switch (requested(namespace, name, call)) {
      case Answer.Replied(HttpReply reply) -> reply;
      case Answer other ->
          throw new AssertionError(namespace + "/" + name + " did not reply: " + other);
    };
  }

  /// What becomes of a request.
  public Answer requested(String namespace, String name, HttpCall call) {
    return ask(id(namespace, name), exchange -> new Event.Requested(exchange, call));
  }

  /// Sends a request and does not wait for the answer, which [FakeSockets#answer] has when it came.
  public long requesting(String namespace, String name, HttpCall call) {
    long exchange = sockets.nextKey();
    node().post(id(namespace, name), new Event.Requested(exchange, call));
    return exchange;
  }

  private Answer ask(RoomId id, java.util.function.LongFunction<Event> event) {
    long exchange = sockets.nextKey();
    node().post(id, event.apply(exchange));
    @Nullable Answer answer = sockets.answer(exchange);
    for (int i = 0; answer == null && i < 1_000; i++) {
      settle();
      answer = sockets.answer(exchange);
      if (answer == null) {
        advance(Duration.ofMillis(100));
        answer = sockets.answer(exchange);
      }
    }
    if (answer == null) {
      throw new AssertionError(id + " never answered");
    }
    return answer;
  }
}
