package dev.dormouse.testkit;

import dev.dormouse.room.Access;
import dev.dormouse.room.Admission;
import dev.dormouse.room.CloseStatus;
import dev.dormouse.room.HttpReply;
import dev.dormouse.room.Message;
import dev.dormouse.room.Namespace;
import dev.dormouse.room.RoomException;
import dev.dormouse.room.RoomId;
import dev.dormouse.room.spi.Doorman;
import dev.dormouse.room.spi.Effect;
import dev.dormouse.room.spi.Event;
import dev.dormouse.room.spi.Sockets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/// The socket side without sockets: applies effects to [FakeConnection]s, lets the namespaces'
/// doormen and automatic responses answer for rooms, and keeps every answer. Nobody is fed, and
/// doormen hear that time passes by [#tick] only.
///
/// To be used by threads of one [SeededExecution], of which one runs at a time.
public final class FakeSockets implements Sockets {
  private final List<Namespace> namespaces;
  private final InstantSource clock;
  private final Map<RoomId, Map<Long, Joined>> audiences = new HashMap<>();
  private final Map<Place, FakePorch> porches = new LinkedHashMap<>();
  private final Map<RoomId, Effect.AutoRespond> responses = new HashMap<>();
  private final Map<Long, Long> responded = new HashMap<>();
  private final Map<Long, FakeConnection> connections = new HashMap<>();
  private final Map<Long, Answer> answers = new HashMap<>();
  private final List<String> log = new ArrayList<>();
  private BiConsumer<RoomId, Effect> probe = (room, effect) -> {};
  private long lastKey;
  private long dropped;
  private int resumed;

  public FakeSockets() {
    this(List.of(), InstantSource.fixed(Instant.EPOCH), 0);
  }

  /// @param namespaces whose doormen may stand before connections
  /// @param lastKey the largest key already given out, by the sockets before these
  FakeSockets(List<Namespace> namespaces, InstantSource clock, long lastKey) {
    this.namespaces = namespaces;
    this.clock = clock;
    this.lastKey = lastKey;
  }

  /// Where a doorman stands.
  private record Place(RoomId room, String doorman) {}

  private record Joined(FakeConnection connection, Set<String> tags) {}

  /// What came back for an exchange.
  public sealed interface Answer {
    record Admitted(Admission admission) implements Answer {}

    record Replied(HttpReply reply) implements Answer {}

    record Declined(RoomException error) implements Answer {}
  }

  /// Calls `probe` with every effect as it leaves the room, before it is applied.
  public void probe(BiConsumer<RoomId, Effect> probe) {
    this.probe = probe;
  }

  /// A key for a connection or an exchange, never given out before.
  public long nextKey() {
    return ++lastKey;
  }

  /// The key given out last.
  public long lastKey() {
    return lastKey;
  }

  /// A connection whose handshake is done; its doorman knows it already, its room does not.
  ///
  /// @throws AssertionError if the admission names a doorman that is not declared
  FakeConnection open(RoomId room, Admission.Accepted admission, Post post) {
    String doorman = admission.doorman();
    FakePorch porch =
        doorman == null ? null : porches.computeIfAbsent(new Place(room, doorman), this::porch);
    boolean heard =
        admission.access() != Access.READ
            || namespaces.stream()
                .anyMatch(it -> it.name().equals(room.namespace()) && it.entry().hearsReaders());
    FakeConnection connection =
        new FakeConnection(nextKey(), room, this, post, porch, admission, heard);
    connections.put(connection.key(), connection);
    connection.arrives();
    return connection;
  }

  private FakePorch porch(Place place) {
    Namespace namespace =
        namespaces.stream()
            .filter(it -> it.name().equals(place.room.namespace()))
            .findFirst()
            .orElseThrow(() -> new AssertionError(place.room + " is of no declared namespace"));
    Doorman doorman = namespace.doormen().get(place.doorman);
    if (doorman == null) {
      throw new AssertionError(
          "%s admitted a connection by the doorman '%s', which is not declared"
              .formatted(place.room, place.doorman));
    }
    return new FakePorch(doorman, namespace.limits().porchBytes(), clock);
  }

  /// Tells every doorman that time has passed; the server does so once a second.
  public void tick() {
    porches.values().forEach(FakePorch::ticks);
  }

  /// Answers a message by the room's automatic response; says whether it did.
  boolean respond(FakeConnection connection, Message message) {
    Effect.AutoRespond set = responses.get(connection.room());
    if (set == null || set.answer() == null || !message.equals(set.request())) {
      return false;
    }
    responded.put(connection.key(), clock.millis());
    connection.receive(set.answer());
    return true;
  }

  /// What came back for an exchange, or null while it is open.
  public @Nullable Answer answer(long exchange) {
    return answers.get(exchange);
  }

  /// Sends that found their connection gone.
  public long dropped() {
    return dropped;
  }

  /// How often a room said that reading may go on.
  public int resumed() {
    return resumed;
  }

  /// Every effect in the order in which it left, as `room effect`.
  public List<String> log() {
    return log;
  }

  @Override
  public void apply(RoomId room, List<Effect> effects) {
    Map<Long, Joined> audience = audiences.computeIfAbsent(room, _ -> new LinkedHashMap<>());
    for (Effect effect : effects) {
      probe.accept(room, effect);
      log.add(room + " " + effect);
      switch (effect) {
        case Effect.Send(long key, var message) -> {
          Joined joined = audience.get(key);
          if (joined == null) {
            dropped++;
          } else {
            joined.connection.receive(message);
          }
        }
        case Effect.Broadcast(var tag, var message, var except) ->
            audience.values().stream()
                .filter(joined -> tag == null || joined.tags.contains(tag))
                .filter(joined -> !except.contains(joined.connection.key()))
                .forEach(joined -> joined.connection.receive(message));
        case Effect.Join(long key, var tags) -> {
          FakeConnection connection = connections.get(key);
          if (connection != null) {
            audience.put(key, new Joined(connection, tags));
          }
        }
        case Effect.Retag(long key, var tags) ->
            audience.computeIfPresent(key, (_, joined) -> new Joined(joined.connection, tags));
        case Effect.Leave(long key) -> {
          audience.remove(key);
          responded.remove(key);
          FakeConnection connection = connections.remove(key);
          if (connection != null) {
            connection.departs();
          }
          if (!hasConnections(room)) {
            responses.remove(room);
          }
        }
        case Effect.Close(long key, CloseStatus status) -> {
          Joined joined = audience.remove(key);
          if (joined != null) {
            joined.connection.closedByRoom(status);
          }
        }
        case Effect.Tell(long key, var refusal) -> {
          Joined joined = audience.get(key);
          if (joined != null) {
            joined.connection.told(refusal);
          }
        }
        case Effect.AutoRespond set -> {
          if (hasConnections(room)) {
            responses.put(room, set);
          }
        }
        case Effect.Admit(long exchange, var admission) ->
            answer(exchange, new Answer.Admitted(admission));
        case Effect.Reply(long exchange, var reply) -> answer(exchange, new Answer.Replied(reply));
        case Effect.Decline(long exchange, var error) ->
            answer(exchange, new Answer.Declined(error));
      }
    }
  }

  private boolean hasConnections(RoomId room) {
    return connections.values().stream().anyMatch(it -> it.room().equals(room));
  }

  private void answer(long exchange, Answer answer) {
    Answer before = answers.put(exchange, answer);
    if (before != null) {
      throw new AssertionError(
          "exchange " + exchange + " was answered twice: " + before + ", then " + answer);
    }
  }

  @Override
  public void resume(RoomId room) {
    resumed++;
  }

  @Override
  public OptionalLong lastAutoResponse(RoomId room, long connection) {
    Long at = responded.get(connection);
    return at == null ? OptionalLong.empty() : OptionalLong.of(at);
  }

  /// Where a connection's events go.
  interface Post {
    Intake post(Event event);
  }
}
