package dev.dormouse.room.runtime;

import dev.dormouse.room.Codec;
import dev.dormouse.room.KeyRange;
import dev.dormouse.room.Namespace;
import dev.dormouse.room.RoomId;
import dev.dormouse.room.Rooms;
import dev.dormouse.room.Storage;
import dev.dormouse.room.spi.ConnectionRecords;
import dev.dormouse.room.spi.Event;
import dev.dormouse.room.spi.Execution;
import dev.dormouse.room.spi.Facility;
import dev.dormouse.room.spi.KeptAwake;
import dev.dormouse.room.spi.RoomObserver;
import dev.dormouse.room.spi.RoomReport;
import dev.dormouse.room.spi.RoomStore;
import dev.dormouse.room.spi.Sockets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// All rooms of one process: what the process around them may ask and tell them, and the parts that
/// all of them share. Thread-safe.
public final class RoomNode {
  private static final Duration IDLE_CHECK = Duration.ofMillis(10);

  private final Map<String, Namespace> namespaces;
  private final RoomStore store;
  private final ConnectionRecords records;
  private final Sockets sockets;
  private final Execution execution;
  private final RoomObserver observer;
  private final Codec codec;
  private final IdKey idKey;
  private final List<Facility> facilities;

  private final Directory directory = new Directory(this);
  private final AwakeMemory memory;
  private final AlarmClock alarmClock = new AlarmClock(this);
  private final Letters letters = new Letters(this);
  private final EarlySets early = new EarlySets();
  private final Outlet outlet;
  private final Rooms rooms = new NodeRooms(this, null);
  private final Stubs stubs = new Stubs(this);
  private final int mostAwake;
  private final BooleanSupplier pressed;

  /// What waits at all rooms' gates, on the way in and on the way out, in bytes.
  private final LongAdder waitingBytes = new LongAdder();

  private volatile boolean stopping;

  RoomNode(RoomNodeBuilder builder) {
    namespaces = Map.copyOf(builder.namespaces);
    store = need(builder.store, "store");
    records = need(builder.records, "records");
    sockets = need(builder.sockets, "sockets");
    execution = need(builder.execution, "execution");
    codec = need(builder.codec, "codec");
    idKey = new IdKey(need(builder.idKey, "idKey"));
    observer = builder.observer;
    facilities = List.copyOf(builder.facilities);
    for (Namespace namespace : namespaces.values()) {
      if (namespace.withSql() != store.sqlNamespaces().contains(namespace.name())) {
        throw new IllegalArgumentException(
            "namespace '%s' is declared %s withSql(), and the store was opened otherwise"
                .formatted(namespace.name(), namespace.withSql() ? "as" : "not as"));
      }
    }
    outlet = new Outlet(execution);
    mostAwake = builder.mostAwake;
    memory = new AwakeMemory(this, builder.awakeMemory);
    pressed = builder.pressed;
  }

  private static <T> T need(@Nullable T part, String name) {
    if (part == null) {
      throw new IllegalStateException("a node needs its " + name);
    }
    return part;
  }

  public static RoomNodeBuilder builder() {
    return new RoomNodeBuilder();
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
    return directory.post(room, event);
  }

  /// Runs `body`, then on the same thread every room of a non-blocking namespace that it made
  /// ready: so all that one wake-up of a reading thread brought is handled before anything is
  /// flushed.
  public void reading(Runnable body) {
    Reading.run(body);
  }

  /// Runs the rooms that the reading under way on this thread has made ready so far: for a body
  /// that goes on for long, such as a selector's loop. Does nothing outside of a reading.
  public void runReady() {
    Reading.runReady();
  }

  public Rooms rooms() {
    return rooms;
  }

  /// The rooms as one incarnation may reach them.
  Rooms rooms(Incarnation caller) {
    return new NodeRooms(this, caller);
  }

  /// How many rooms are in memory.
  public int awake() {
    return directory.size();
  }

  /// The rooms that are in memory, in no order.
  public List<RoomId> awakeRooms() {
    return directory.ids();
  }

  /// What is known of a room, without waking it. Fails with [java.io.IOException] if the room
  /// sleeps and the records of its connections cannot be read.
  public CompletableFuture<RoomReport> report(RoomId room) {
    return directory.report(room);
  }

  /// Where facility `facility` has marked rooms, in order of the marks' names, then of the rooms'
  /// ids: durable marks, found without waking anybody.
  ///
  /// @param prefix what their names begin with
  /// @param after the mark after which the page begins; null for the first page
  public CompletableFuture<List<RoomStore.Mark>> marks(
      String facility, String prefix, RoomStore.@Nullable Mark after, int limit) {
    String below = facility + "/";
    RoomStore.Mark from =
        after == null ? null : new RoomStore.Mark(after.room(), below + after.name(), after.note());
    return store
        .marks(below + prefix, from, limit)
        .thenApply(marks ->
            marks.stream()
                .map(mark ->
                    new RoomStore.Mark(
                        mark.room(), mark.name().substring(below.length()), mark.note()))
                .toList());
  }

  /// How many marks of a facility there are below `prefix`, see [RoomStore#countMarks].
  public CompletableFuture<List<RoomStore.MarkCount>> countMarks(String facility, String prefix) {
    String below = facility + "/";
    return store
        .countMarks(below + prefix)
        .thenApply(counts ->
            counts.stream()
                .map(each ->
                    new RoomStore.MarkCount(
                        each.folder().substring(below.length()), each.count(), each.least()))
                .toList());
  }

  /// A facility's rows in a room, with keys as it put them, as of the last completed commit; the
  /// room is not woken.
  ///
  /// @param prefix what their keys begin with
  public CompletableFuture<List<Storage.Entry>> durable(
      RoomId room, String facility, String prefix, int limit) {
    String below = Reserved.prefix(facility);
    return store
        .list(room, KeyRange.prefixed(below + prefix).limited(limit), Long.MAX_VALUE)
        .thenApply(entries ->
            entries.stream()
                .map(entry ->
                    new Storage.Entry(entry.key().substring(below.length()), entry.value()))
                .toList());
  }

  /// Puts a room to sleep at once, unless something keeps it awake. The future completes with what
  /// did; empty if the room sleeps.
  public CompletableFuture<List<KeptAwake>> evict(RoomId room) {
    return directory.evict(room);
  }

  /// Wakes a room, as if something had come for it. The future completes once the room has been
  /// started and what came before was handled; while its start fails it does not.
  ///
  /// @throws IllegalArgumentException if the room's namespace is not declared
  public CompletableFuture<@Nullable Void> stir(RoomId room) {
    CompletableFuture<@Nullable Void> awake = new CompletableFuture<>();
    directory.arrive(room, new Item.Stir(() -> awake.complete(null)));
    return awake;
  }

  /// Ends a room's incarnation as a reset does (T5), whatever it is at; its connections stay, and
  /// the next event builds another. It does not count as a failure (T6). Nobody is woken.
  ///
  /// @param why for those whose work ends with it
  /// @return whether there was one
  public boolean abort(RoomId room, String why) {
    return directory.abort(room, why);
  }

  /// How much work waits in rooms: a look at each that is awake.
  public Backlog backlog() {
    return directory.backlog();
  }

  /// Work that waits.
  ///
  /// @param events at all rooms' gates
  /// @param longest the longest queue of any room
  /// @param heldBytes output that waits for the disk
  public record Backlog(long events, long longest, long heldBytes) {}

  /// What large rooms take of the memory, and which of them are kept out. Cheap.
  public Crowd crowd() {
    return new Crowd(memory.taken(), memory.most(), memory.waiting());
  }

  /// The memory of large rooms.
  ///
  /// @param taken by those that are awake, in bytes, as reckoned
  /// @param most that they may take together before others wait, in bytes
  /// @param waiting how many rooms wait to be let in
  public record Crowd(long taken, long most, int waiting) {}

  /// What messages, requests and output take that wait at all rooms' gates, in bytes. Cheap.
  public long waiting() {
    return waitingBytes.sum();
  }

  /// How many alarms have been handed to their rooms and are not settled yet.
  public int alarmsInFlight() {
    return alarmClock.inFlight();
  }

  /// How many alarms have rung since the start: their handlers have ended well, and what they did
  /// is stored.
  public long alarmsRung() {
    return alarmClock.rung();
  }

  /// A polite crash (H5): refuses new work, stops alarms, lets begun work end until `drain` is
  /// over, then interrupts what is left. Blocks meanwhile.
  ///
  /// @return whether all work had ended
  public boolean stop(Duration drain) {
    stopping = true;
    alarmClock.stop();
    long deadline = execution.nanoTime() + drain.toNanos();
    boolean idle = directory.isIdle();
    try {
      while (!idle && execution.nanoTime() - deadline < 0) {
        execution.signal().await(IDLE_CHECK);
        idle = directory.isIdle();
      }
    } catch (InterruptedException e) {
      // Whoever is impatient gets the short way.
      Thread.currentThread().interrupt();
    }
    if (!idle) {
      directory.stopNow();
    }
    return idle;
  }

  // ---- for the rooms

  Optional<Namespace> namespace(String name) {
    return Optional.ofNullable(namespaces.get(name));
  }

  /// @throws IllegalArgumentException if no namespace of that name is declared
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
      directory.arrive(room, new Item.AlarmDue(name));
    } else {
      alarmClock.ignored(room, name);
    }
  }

  LongAdder waitingBytes() {
    return waitingBytes;
  }

  /// How many rooms may be awake before clients are told to come back.
  int mostAwake() {
    return mostAwake;
  }

  AwakeMemory memory() {
    return memory;
  }

  /// Whether so much waits that a room with work is not to be given more.
  boolean isPressed() {
    return pressed.getAsBoolean();
  }

  Directory directory() {
    return directory;
  }

  ConnectionRecords records() {
    return records;
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

  List<Facility> facilities() {
    return facilities;
  }

  IdKey idKey() {
    return idKey;
  }

  Stubs stubs() {
    return stubs;
  }

  AlarmClock alarmClock() {
    return alarmClock;
  }

  Letters letters() {
    return letters;
  }

  EarlySets early() {
    return early;
  }

  /// Brings a message that left ahead of its write set to its room, unless there is none such or
  /// the node stops.
  ///
  /// @param after the set's number; 0 if there is none to wait for
  void post(RoomId from, Turn.Early message, long after) {
    if (!isStopping() && namespace(message.to().namespace()).isPresent()) {
      execution.failpoint("facility.posts");
      letters.post(
          message.to(),
          new Item.Delivered(message.facility(), from, message.message(), null, after));
    }
  }

  Outlet outlet() {
    return outlet;
  }

  boolean isStopping() {
    return stopping;
  }
}
