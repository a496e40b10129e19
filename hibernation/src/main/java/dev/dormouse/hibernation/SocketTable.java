package dev.dormouse.hibernation;

import dev.dormouse.room.Access;
import dev.dormouse.room.Admission;
import dev.dormouse.room.CloseCode;
import dev.dormouse.room.CloseStatus;
import dev.dormouse.room.Message;
import dev.dormouse.room.Namespace;
import dev.dormouse.room.Refusal;
import dev.dormouse.room.RoomException;
import dev.dormouse.room.RoomId;
import dev.dormouse.room.spi.Effect;
import dev.dormouse.room.spi.Event;
import dev.dormouse.room.spi.Execution;
import dev.dormouse.room.spi.Sockets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// All sockets of this process, the connections on them, the audiences of rooms, and the clients
/// that wait for an answer.
///
/// A connection's life: [ClientSocket#attach] shows it to its doorman, if it has one, and posts
/// *Opened*; the room answers with *Join*; the connection is heard and spoken to; it ends by the
/// room's *Close* or by its socket, which posts *Closed*, or *Left* if its room does not care; the
/// room answers with *Leave*, and the connection is forgotten.
public final class SocketTable implements Sockets {
  /// The sub-protocol by which a client asks for frames of the platform itself (S3).
  public static final String PLATFORM_PROTOCOL = "dormouse.v1";

  private static final Logger LOG = LoggerFactory.getLogger(SocketTable.class);

  private final Doormen doormen;
  private final Execution execution;
  private final Function<Refusal, Message> refusals;
  private final Wheel wheel;
  private final SocketCounters counters = new SocketCounters();
  private final Map<Long, OpenConnection> connections = new ConcurrentHashMap<>();
  private final Exchanges exchanges = new Exchanges();
  private final Set<ClientSocket> sockets = ConcurrentHashMap.newKeySet();
  private final Audiences audiences;
  private final Stays stays;
  private final Visitors visitors;

  /// The namespaces whose rooms get messages from connections that may only read.
  private final Set<String> hearingReaders;

  /// Numbers for connections and exchanges alike.
  private final AtomicLong numbers = new AtomicLong();

  /// Set once, before anything is posted.
  private volatile @Nullable Inlet inlet;

  /// Set once at most, before the first socket.
  private volatile Wires wires = Wires.none();

  /// Set once at most, before the first socket.
  private volatile Renewals renewals = Renewals.NONE;

  /// Set once at most, before the first socket.
  private volatile Crowd crowd = Crowd.NONE;

  /// Once set, rooms hear of no more events: their sockets close because the process stops (H5).
  private volatile boolean silent;

  /// @param namespaces whose doormen may stand before connections
  /// @param refusals how a refusal is told to a client that asked for it
  /// @throws IllegalArgumentException if a doorman wants to feed more than once a second
  public SocketTable(
      Collection<Namespace> namespaces, Execution execution, Function<Refusal, Message> refusals) {
    this.doormen = new Doormen(namespaces);
    this.execution = execution;
    this.refusals = refusals;
    this.wheel = new Wheel(execution);
    this.audiences = new Audiences(this, wheel, counters, connections, sockets);
    this.stays = new Stays(this, audiences, wheel, execution);
    this.visitors = new Visitors(this, audiences, connections);
    this.hearingReaders =
        namespaces.stream()
            .filter(namespace -> namespace.entry().hearsReaders())
            .map(Namespace::name)
            .collect(Collectors.toUnmodifiableSet());
  }

  /// Says where events go; to be called once, before the first socket.
  public void postTo(Inlet inlet) {
    this.inlet = inlet;
  }

  /// Says how packed wires are made anew; to be called before the first socket, where there are
  /// wires that pack.
  public void unpackBy(Wires wires) {
    this.wires = wires;
  }

  Wires wires() {
    return wires;
  }

  /// Says who looks at tokens by which clients want to stay longer; to be called before the first
  /// socket.
  public void renewBy(Renewals renewals) {
    this.renewals = renewals;
  }

  Renewals renewals() {
    return renewals;
  }

  /// Says who counts the connections of each person; to be called before the first socket.
  public void countBy(Crowd crowd) {
    this.crowd = crowd;
  }

  /// Closes all connections whose stay is one of these, with 4401, and from now on those that come.
  /// Replaces what was said before.
  ///
  /// @param these called often, from many threads
  public void revoke(Predicate<Stay> these) {
    stays.revoke(these);
  }

  /// All connections that are objects.
  Collection<OpenConnection> everyConnection() {
    return connections.values();
  }

  Stays stays() {
    return stays;
  }

  /// Whether the room gets a message of the connection's; tells a client that asked for it if not.
  boolean isHeard(OpenConnection connection) {
    if (!connection.reader || hearingReaders.contains(connection.room.namespace())) {
      return true;
    }
    counters.unheard.increment();
    if (connection.platform) {
      connection.send(
          refusals.apply(new Refusal.Refused(403, "this connection may only read")), false);
    }
    return false;
  }

  /// Makes objects again of what was packed under a wire's number, if anything was, and of all that
  /// belongs to its room.
  public void unpack(int number) {
    audiences.unpack(number);
  }

  /// See [ClientSocket#rests].
  void rests(OpenConnection connection) {
    audiences.rests(connection);
  }

  public SocketCounters counters() {
    return counters;
  }

  /// How many sockets are open or closing.
  public int sockets() {
    return sockets.size() + audiences.packed();
  }

  /// How many connections rooms have or have not yet taken leave of.
  public int connections() {
    return connections.size() + audiences.packed();
  }

  /// How many of them are packed: nothing goes on with them or their rooms, and a few numbers are
  /// all that is kept of each.
  public int packed() {
    return audiences.packed();
  }

  /// Whether the room has connections.
  public boolean hasConnections(RoomId room) {
    return audiences.has(room);
  }

  /// What is to be seen of a room's connections. Wakes and unpacks nothing.
  ///
  /// @param after the key of the last one of the page before; 0 for the first page
  public Visit.Page visits(RoomId room, long after, int most) {
    return visitors.of(room, after, most);
  }

  /// Closes one connection of a room, which hears of it as of any end.
  ///
  /// @return false if the room has no such connection, or it is over already
  public boolean close(RoomId room, long key, CloseStatus status) {
    return visitors.close(room, key, status);
  }

  /// How many rooms have connections.
  public int connectedRooms() {
    return audiences.size();
  }

  /// Takes in a socket whose handshake is done.
  public ClientSocket open(Wire wire) {
    ClientSocket socket = new ClientSocket(this, wire);
    sockets.add(socket);
    return socket;
  }

  /// Posts an event that `exchange` waits on; what the room cannot take is declined at once.
  ///
  /// @param event makes the event from the exchange's number
  public void ask(RoomId room, Exchange exchange, Function<Long, Event> event) {
    long number = number();
    exchanges.add(number, exchange);
    try {
      inlet().post(room, event.apply(number));
    } catch (RoomException e) {
      exchanges.answer(number, it -> it.decline(e));
    } catch (RuntimeException e) {
      exchanges.forget(number);
      throw e;
    }
  }

  /// Declines everyone who still waits, posts no event and feeds nobody from now on.
  public void silence(RoomException error) {
    silent = true;
    wheel.stop();
    exchanges.declineAll(error);
  }

  /// The sockets that are open now, none of them packed.
  public List<ClientSocket> everySocket() {
    audiences.unpackAll();
    return List.copyOf(sockets);
  }

  @Override
  public void apply(RoomId room, List<Effect> effects) {
    Audience audience = audiences.enter(room);
    try {
      apply(room, audience, effects);
    } finally {
      if (audience != null) {
        audience.exit();
      }
    }
  }

  private void apply(RoomId room, @Nullable Audience audience, List<Effect> effects) {
    List<OpenConnection> touched = new ArrayList<>();
    for (Effect effect : effects) {
      try {
        apply(room, audience, effect, touched);
      } catch (RuntimeException e) {
        // One effect's fault must not keep the others from leaving.
        LOG.atError().addKeyValue("room", room).setCause(e).log("an effect of a room failed");
      }
    }
    for (OpenConnection connection : touched) {
      connection.flush();
    }
  }

  private void apply(
      RoomId room, @Nullable Audience audience, Effect effect, List<OpenConnection> touched) {
    switch (effect) {
      case Effect.Send(long key, Message message) -> send(connections.get(key), message, touched);
      case Effect.Broadcast(String tag, Message message, Set<Long> except) -> {
        if (audience != null) {
          for (OpenConnection member : audience.members(tag)) {
            if (except.isEmpty() || !except.contains(member.key)) {
              send(member, message, touched);
            }
          }
        }
      }
      case Effect.Join(long key, Set<String> tags) -> {
        OpenConnection connection = connections.get(key);
        if (connection != null) {
          connection.audience.join(connection, tags);
        }
      }
      case Effect.Retag(long key, Set<String> tags) -> {
        OpenConnection connection = connections.get(key);
        if (connection != null) {
          connection.audience.retag(connection, tags);
        }
      }
      case Effect.Leave(long key) -> leave(key);
      case Effect.Close(long key, CloseStatus status) -> {
        OpenConnection connection = connections.get(key);
        if (connection != null) {
          connection.flush();
          connection.audience.leave(connection);
          connection.socket.close(connection, status);
        }
      }
      case Effect.Tell(long key, Refusal refusal) -> {
        OpenConnection connection = connections.get(key);
        if (connection != null && connection.platform) {
          send(connection, refusals.apply(refusal), touched);
        }
      }
      case Effect.AutoRespond(Message request, Message answer) -> {
        if (audience != null) {
          audience.autoRespond(AutoResponse.of(request, answer));
        }
      }
      case Effect.Admit(long number, Admission admission) ->
          exchanges.answer(number, exchange -> exchange.admit(honoured(room, admission)));
      case Effect.Reply(long number, var reply) ->
          exchanges.answer(number, exchange -> exchange.reply(reply));
      case Effect.Decline(long number, RoomException error) ->
          exchanges.answer(number, exchange -> exchange.decline(error));
    }
  }

  private void send(
      @Nullable OpenConnection connection, Message message, List<OpenConnection> touched) {
    if (connection == null || connection.shut) {
      counters.dropped.increment();
    } else if (connection.take(message)) {
      touched.add(connection);
    }
  }

  @Override
  public void resume(RoomId room) {
    Audience audience = audiences.enter(room);
    if (audience != null) {
      audience.resume();
      audience.exit();
    }
  }

  @Override
  public OptionalLong lastAutoResponse(RoomId room, long connection) {
    Audience audience = audiences.enter(room);
    if (audience == null) {
      return OptionalLong.empty();
    }
    OpenConnection there = connections.get(connection);
    Long at = there == null ? null : there.respondedAt();
    audience.exit();
    return at == null ? OptionalLong.empty() : OptionalLong.of(at);
  }

  /// The admission, or a refusal if it names a doorman that nobody declared.
  private Admission honoured(RoomId room, Admission admission) {
    return switch (admission) {
      case Admission.Refused refused -> refused;
      case Admission.Accepted accepted ->
          isKnown(room, accepted.doorman())
              ? accepted
              : Admission.refuse(500, "the server failed; its log says how");
    };
  }

  private boolean isKnown(RoomId room, @Nullable String doorman) {
    if (doorman == null || doormen.find(room.namespace(), doorman) != null) {
      return true;
    }
    LOG.atError()
        .addKeyValue("room", room)
        .log(
            "a connection was refused: its admission names the doorman '{}', which the namespace"
                + " '{}' does not declare",
            doorman,
            room.namespace());
    return false;
  }

  /// Takes in a connection; null if its admission names a doorman that nobody declared, or its
  /// client has as many connections as he may; then the socket is closed if it carries nothing
  /// else.
  @Nullable OpenConnection register(
      long key, RoomId room, ClientSocket socket, Admission.Accepted admission, Stay stay) {
    String doorman = admission.doorman();
    if (!isKnown(room, doorman)) {
      socket.refuse(CloseCode.SERVER_ERROR);
      return null;
    }
    if (!crowd.enter(stay.holder())) {
      socket.refuse(CloseCode.TRY_LATER);
      return null;
    }
    Audience audience = audiences.join(room);
    Doormen.Declared declared = doorman == null ? null : doormen.find(room.namespace(), doorman);
    OpenPorch porch =
        declared == null
            ? null
            : audience.porch(declared, () -> new OpenPorch(room, declared, wheel, counters));
    boolean platform = PLATFORM_PROTOCOL.equals(admission.subProtocol());
    OpenConnection connection =
        new OpenConnection(
            key,
            room,
            socket,
            audience,
            porch,
            platform,
            admission.hearsClose(),
            admission.access() == Access.READ);
    connection.stay = stay;
    connection.openedAt = (int) execution.instant().getEpochSecond();
    connections.put(key, connection);
    stays.watch(connection);
    return connection;
  }

  private void leave(long key) {
    OpenConnection connection = connections.remove(key);
    if (connection == null) {
      return;
    }
    crowd.leave(connection.stay.holder());
    connection.shut = true;
    connection.audience.leave(connection);
    connection.departs();
    audiences.leave(connection.room);
  }

  /// A number for a connection or an exchange, never given out before.
  long number() {
    return numbers.incrementAndGet();
  }

  /// The time, in milliseconds since 1970 UTC.
  long millis() {
    return execution.instant().toEpochMilli();
  }

  @Nullable OpenConnection connection(long key) {
    return connections.get(key);
  }

  void forget(ClientSocket socket) {
    sockets.remove(socket);
  }

  /// A connection is over; its doorman and its room are told.
  ///
  /// From a thread of its own: sockets may end while a room's effects are being applied, and a room
  /// must not be entered from there.
  void ended(OpenConnection connection, CloseStatus status, @Nullable Throwable failure) {
    connection.shut = true;
    connection.audience.forget(connection.socket);
    if (silent) {
      return;
    }
    execution.start(
        "closed",
        () -> {
          connection.departs();
          if (!connection.hearsClose) {
            post(connection.room, new Event.Left(connection.key));
            return;
          }
          if (failure != null) {
            post(connection.room, new Event.Failed(connection.key, failure));
          }
          post(connection.room, new Event.Closed(connection.key, status));
        });
  }

  Intake post(RoomId room, Event event) {
    if (silent) {
      return Intake.OPEN;
    }
    try {
      return inlet().post(room, event);
    } catch (RoomException.GoingAway _) {
      // The process stops, and with it every socket: nobody is left to be told.
      return Intake.OPEN;
    }
  }

  private Inlet inlet() {
    Inlet it = inlet;
    if (it == null) {
      throw new IllegalStateException("the socket table is not connected to rooms yet");
    }
    return it;
  }
}
