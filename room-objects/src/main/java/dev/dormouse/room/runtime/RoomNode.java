package dev.dormouse.room.runtime;

import dev.dormouse.room.Codec;
import dev.dormouse.room.HttpCall;
import dev.dormouse.room.HttpReply;
import dev.dormouse.room.Namespace;
import dev.dormouse.room.RoomId;
import dev.dormouse.room.Rooms;
import dev.dormouse.room.spi.Event;
import dev.dormouse.room.spi.Execution;
import dev.dormouse.room.spi.RoomObserver;
import dev.dormouse.room.spi.RoomStore;
import dev.dormouse.room.spi.Sockets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// All rooms of one process: finds or makes the one live instance for an id, and brings it what
/// happens. Thread-safe.
public final class RoomNode {
  private static final Duration IDLE_CHECK = Duration.ofMillis(10);

  /// The rooms that this reading thread has made ready; bound by [#reading].
  private static final ScopedValue<List<Runnable>> READY = ScopedValue.newInstance();

  private final Map<String, Namespace> namespaces;
  private final RoomStore store;
  private final Sockets sockets;
  private final Execution execution;
  private final RoomObserver observer;
  private final Codec codec;
  private final IdKey idKey;

  private final Map<RoomId, RoomHost> hosts = new ConcurrentHashMap<>();
  private final AlarmClock alarmClock = new AlarmClock(this);
  private final Outlet outlet;
  private final Rooms rooms = new NodeRooms(null);
  private final Stubs stubs = new Stubs(this);
  private volatile boolean stopping;

  private RoomNode(Builder builder) {
    namespaces = Map.copyOf(builder.namespaces);
    store = need(builder.store, "store");
    sockets = need(builder.sockets, "sockets");
    execution = need(builder.execution, "execution");
    codec = need(builder.codec, "codec");
    idKey = new IdKey(need(builder.idKey, "idKey"));
    observer = builder.observer;
    outlet = new Outlet(execution);
  }

  private static <T> T need(@Nullable T part, String name) {
    if (part == null) {
      throw new IllegalStateException("a node needs its " + name);
    }
    return part;
  }

  public static Builder builder() {
    return new Builder();
  }

  /// Hands out the alarms that are overdue, and returns when the first page of them waits at its
  /// rooms. Call it before the first event.
  public void start() {
    Execution.Signal handed = execution.signal();
    alarmClock.start(handed::complete);
    try {
      handed.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while starting", e);
    }
  }

  /// Brings an event to its room, waking it if need be. Does not wait for the room; inside
  /// [#reading] the room of a non-blocking namespace runs when the reading ends.
  ///
  /// @throws IllegalArgumentException if the room's namespace is not declared
  public Sockets.Intake post(RoomId room, Event event) {
    return host(room).post(event);
  }

  /// Runs `body`, then on the same thread every room of a non-blocking namespace that it made
  /// ready: so all that one wake-up of a reading thread brought is handled before anything is
  /// flushed.
  public void reading(Runnable body) {
    ScopedValue.where(READY, new ArrayList<>())
        .run(() -> {
          try {
            body.run();
          } finally {
            runReady();
          }
        });
  }

  /// Runs the rooms that the reading under way on this thread has made ready so far: for a body
  /// that goes on for long, such as a selector's loop. Does nothing outside of a reading.
  public void runReady() {
    if (!READY.isBound()) {
      return;
    }
    List<Runnable> ready = READY.get();
    // Rooms may make others ready; those run too.
    for (int i = 0; i < ready.size(); i++) {
      ready.get(i).run();
    }
    ready.clear();
  }

  /// Leaves `drain` to the reading that is under way on this thread, if there is one.
  boolean gather(Runnable drain) {
    if (!READY.isBound()) {
      return false;
    }
    READY.get().add(drain);
    return true;
  }

  public Rooms rooms() {
    return rooms;
  }

  /// The rooms as one incarnation may reach them.
  Rooms rooms(Incarnation caller) {
    return new NodeRooms(caller);
  }

  /// Whether the room has a live instance; asking wakes nothing.
  public boolean isAwake(RoomId room) {
    RoomHost host = hosts.get(room);
    return host != null && host.isAwake();
  }

  /// How many rooms have a live instance.
  public long awake() {
    return hosts.values().stream().filter(RoomHost::isAwake).count();
  }

  /// A polite crash (H5): refuses new work, stops alarms, lets begun work end until `drain` is
  /// over, then interrupts what is left. Blocks meanwhile.
  ///
  /// @return whether all work had ended
  public boolean stop(Duration drain) {
    stopping = true;
    alarmClock.stop();
    long deadline = execution.nanoTime() + drain.toNanos();
    boolean idle = isIdle();
    try {
      while (!idle && execution.nanoTime() - deadline < 0) {
        execution.signal().await(IDLE_CHECK);
        idle = isIdle();
      }
    } catch (InterruptedException e) {
      // Whoever is impatient gets the short way.
      Thread.currentThread().interrupt();
    }
    if (!idle) {
      hosts.values().forEach(RoomHost::stopNow);
    }
    return idle;
  }

  private boolean isIdle() {
    return hosts.values().stream().allMatch(RoomHost::isIdle);
  }

  // ---- for the rooms

  RoomHost host(RoomId id) {
    RoomHost host = hosts.get(id);
    if (host == null) {
      host = hosts.computeIfAbsent(id, key -> new RoomHost(this, key, declared(key.namespace())));
    }
    host.addressedAs(id);
    return host;
  }

  Namespace declared(String name) {
    Namespace namespace = namespaces.get(name);
    if (namespace == null) {
      throw new IllegalArgumentException("no namespace '" + name + "' is declared");
    }
    return namespace;
  }

  /// Brings a due alarm to its room. Rooms of namespaces that are no longer declared keep theirs.
  void alarm(RoomId room, String name) {
    if (namespaces.containsKey(room.namespace())) {
      host(room).arrive(new Item.AlarmDue(name));
    } else {
      alarmClock.ignored(room, name);
    }
  }

  RoomStore store() {
    return store;
  }

  Sockets sockets() {
    return sockets;
  }

  Execution execution() {
    return execution;
  }

  RoomObserver observer() {
    return observer;
  }

  Codec codec() {
    return codec;
  }

  AlarmClock alarmClock() {
    return alarmClock;
  }

  Outlet outlet() {
    return outlet;
  }

  boolean isStopping() {
    return stopping;
  }

  private final class NodeRooms implements Rooms {
    private final @Nullable Incarnation caller;

    /// @param caller who alone may call through these; null for the process around the rooms
    NodeRooms(@Nullable Incarnation caller) {
      this.caller = caller;
    }

    @Override
    public RoomId idFromName(String namespace, String name) {
      return idKey.fromName(declared(namespace).name(), name);
    }

    @Override
    public RoomId newUniqueId(String namespace) {
      return idKey.unique(declared(namespace).name());
    }

    @Override
    public RoomId idFromString(String namespace, String hex) {
      return idKey.fromString(declared(namespace).name(), hex);
    }

    @Override
    public <T> T stub(Class<T> type, RoomId id) {
      return stubs.stub(type, id, caller);
    }

    @Override
    public HttpReply request(RoomId id, HttpCall call) {
      return stubs.request(id, call, caller);
    }

    @Override
    public Optional<Namespace> namespace(String name) {
      return Optional.ofNullable(namespaces.get(name));
    }
  }

  /// Collects a node's parts; all but the observer are needed.
  public static final class Builder {
    private final Map<String, Namespace> namespaces = new LinkedHashMap<>();
    private @Nullable RoomStore store;
    private @Nullable Sockets sockets;
    private @Nullable Execution execution;
    private RoomObserver observer = RoomObserver.NONE;
    private @Nullable Codec codec;
    private byte @Nullable [] idKey;

    private Builder() {}

    /// @throws IllegalArgumentException if two namespaces have the same name
    public Builder namespaces(List<Namespace> all) {
      for (Namespace namespace : all) {
        if (namespace.withSql()) {
          throw new IllegalArgumentException(
              "namespace '"
                  + namespace.name()
                  + "' is declared withSql(), which this version cannot store");
        }
        if (namespaces.putIfAbsent(namespace.name(), namespace) != null) {
          throw new IllegalArgumentException("two namespaces are named '" + namespace.name() + "'");
        }
      }
      return this;
    }

    public Builder store(RoomStore store) {
      this.store = store;
      return this;
    }

    public Builder sockets(Sockets sockets) {
      this.sockets = sockets;
      return this;
    }

    public Builder execution(Execution execution) {
      this.execution = execution;
      return this;
    }

    public Builder observer(RoomObserver observer) {
      this.observer = observer;
      return this;
    }

    public Builder codec(Codec codec) {
      this.codec = codec;
      return this;
    }

    /// @param key 32 bytes, kept with the data (I1)
    public Builder idKey(byte[] key) {
      this.idKey = key.clone();
      return this;
    }

    public RoomNode build() {
      return new RoomNode(this);
    }
  }
}
