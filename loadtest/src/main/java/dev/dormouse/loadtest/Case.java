package dev.dormouse.loadtest;

import java.util.List;
import java.util.function.ToLongFunction;
import java.util.stream.IntStream;

/// What is compared.
enum Case {
  ECHO("echo", "echo, 100 connections", 100, 1),
  BROADCAST("broadcast-1", "broadcast to 1,000, window 1", 1_000, 1),
  BROADCAST_8("broadcast-8", "broadcast to 1,000, window 8", 1_000, 1),
  CAS("cas-1", "durable CAS, one connection", 1, 1),
  CAS_ONE_ROOM("cas-room", "durable CAS, one room, 100 connections", 100, 1),
  CAS_ROOMS("cas-rooms", "durable CAS, 100 rooms, a connection each", 100, 100),
  START("start", "start to first answer", 0, 0);

  private final String key;
  private final String title;
  private final int connections;
  private final int rooms;

  Case(String key, String title, int connections, int rooms) {
    this.key = key;
    this.title = title;
    this.connections = connections;
    this.rooms = rooms;
  }

  /// Its name on the command line.
  String key() {
    return key;
  }

  String title() {
    return title;
  }

  int connections() {
    return connections;
  }

  /// The room of connection `number`.
  String room(int number) {
    return "r" + number % rooms;
  }

  List<Measure> measures() {
    return switch (this) {
      case START -> List.of(Measure.START);
      case ECHO, BROADCAST, BROADCAST_8, CAS, CAS_ONE_ROOM, CAS_ROOMS ->
          List.of(Measure.RATE, Measure.CPU, Measure.P50, Measure.P99);
    };
  }

  /// @param stored reads the counter a room has stored
  Conversation conversation(ToLongFunction<String> stored, Tally tally) {
    return switch (this) {
      case ECHO -> new Echo(connections, tally);
      case BROADCAST -> new Broadcast(connections, 1, tally);
      case BROADCAST_8 -> new Broadcast(connections, 8, tally);
      case CAS, CAS_ONE_ROOM, CAS_ROOMS -> {
        List<String> names = IntStream.range(0, rooms).mapToObj(this::room).toList();
        yield new Transitions(connections, names, stored, tally);
      }
      case START -> throw new IllegalStateException("a start has no conversation");
    };
  }
}
