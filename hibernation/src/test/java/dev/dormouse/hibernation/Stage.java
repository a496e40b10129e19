package dev.dormouse.hibernation;

import dev.dormouse.room.Admission;
import dev.dormouse.room.CloseStatus;
import dev.dormouse.room.Message;
import dev.dormouse.room.Namespace;
import dev.dormouse.room.RoomId;
import dev.dormouse.room.RoomLimits;
import dev.dormouse.room.spi.Doorman;
import dev.dormouse.room.spi.Effect;
import dev.dormouse.room.spi.Event;
import dev.dormouse.room.spi.Sockets.Intake;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/// A table with two rooms, the hall and the attic, of which both are played by the test, and with
/// doormen.
final class Stage {
  static final CloseStatus DONE = new CloseStatus(1000, "done");
  static final int PORCH_BYTES = 1_000;

  final RoomId hall = room(1);
  final RoomId attic = room(2);
  final ManualExecution execution = new ManualExecution();
  final List<String> events = new ArrayList<>();
  final SocketTable table;

  /// What the rooms answer to a message.
  Supplier<Intake> intake = () -> Intake.OPEN;

  Stage(Map<String, Doorman> doormen) {
    var declaration =
        Namespace.named(
                "test",
                _ -> {
                  throw new AssertionError("nobody builds rooms here");
                })
            .limits(RoomLimits.defaults().withPorchBytes(PORCH_BYTES));
    doormen.forEach(declaration::doorman);
    table =
        new SocketTable(
            List.of(declaration.build()),
            execution,
            refusal -> Message.of("refused: " + refusal.getMessage()));
    table.postTo(this::take);
  }

  private static RoomId room(int number) {
    byte[] bytes = new byte[RoomId.BYTES];
    bytes[7] = (byte) number;
    return RoomId.of("test", bytes, "room" + number);
  }

  private Intake take(RoomId room, Event event) {
    // Of a room that was packed the name is not remembered.
    String where = (room.equals(hall) ? hall : attic).name().orElseThrow() + " ";
    switch (event) {
      case Event.Opened(long key, _) -> events.add(where + "opened " + key);
      case Event.Received(long key, Message message) -> {
        events.add(where + "received " + key + " " + FakeWire.text(message));
        return intake.get();
      }
      case Event.Failed(long key, Throwable failure) ->
          events.add(where + "failed " + key + " " + failure.getMessage());
      case Event.Closed(long key, CloseStatus status) ->
          events.add(where + "closed " + key + " " + status.code());
      case Event.Left(long key) -> events.add(where + "left " + key);
      case Event.Connect _, Event.Requested _ -> events.add(where + "asked");
    }
    return Intake.OPEN;
  }

  /// What the rooms heard since the last look.
  List<String> taken() {
    List<String> all = List.copyOf(events);
    events.clear();
    return all;
  }

  void apply(Effect... effects) {
    table.apply(hall, List.of(effects));
  }

  static Effect send(Client client, String text) {
    return new Effect.Send(client.key, Message.of(text));
  }

  static Effect broadcast(String text) {
    return new Effect.Broadcast(null, Message.of(text), java.util.Set.of());
  }

  /// A client of the hall that its room has taken in, with a doorman before it.
  Client client(String doorman) {
    Client client = arriving(hall, Admission.accept().metBy(doorman));
    apply(new Effect.Join(client.key, java.util.Set.of()));
    return client;
  }

  /// A client of the hall without a doorman.
  Client client() {
    Client client = arriving(hall, Admission.accept());
    apply(new Effect.Join(client.key, java.util.Set.of()));
    return client;
  }

  /// A client that its room has not taken in yet.
  Client arriving(RoomId room, Admission.Accepted admission) {
    return new Client(room, admission);
  }

  /// A socket with one connection.
  final class Client {
    final FakeWire wire = new FakeWire();
    final ClientSocket socket = table.open(wire);
    final long key;

    private Client(RoomId room, Admission.Accepted admission) {
      key = socket.attach(room, admission);
    }

    /// Returns whether the socket is read on.
    boolean says(String text) {
      return socket.received(key, Message.of(text));
    }

    void vanishes() {
      socket.closed(new CloseStatus(1006, ""), null);
    }

    List<String> heard() {
      return wire.taken();
    }
  }
}
