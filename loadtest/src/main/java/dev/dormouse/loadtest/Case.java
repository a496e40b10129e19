package dev.dormouse.loadtest;

import java.io.IOException;
import java.net.URI;
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
  SQL("sql-1", "durable SQL update, one connection", 1, 1),
  SQL_ONE_ROOM("sql-room", "durable SQL update, one room, 100 connections", 100, 1),
  SQL_ROOMS("sql-rooms", "durable SQL update, 100 rooms, a connection each", 100, 100),
  WAKE(Kind.WAKE, "wake", "first message to a sleeping room"),
  MEMORY_ROOMS(Kind.MEMORY, "memory-rooms", "hibernated connections, a room each"),
  MEMORY_ROOM(Kind.MEMORY, "memory-room", "hibernated connections, one room"),
  MEMORY_USED(Kind.MEMORY, "memory-used", "rooms used once over HTTP, asleep"),
  START(Kind.START, "start", "start to first answer");

  /// How a case is measured.
  enum Kind {
    /// Connections that speak, to a server that is up for the whole run.
    TALK,

    /// Rooms of the same server that sleep and are woken.
    WAKE,

    /// What a server that was just started grows by.
    MEMORY,

    /// How long it takes until one answers.
    START
  }

  private final Kind kind;
  private final String key;
  private final String title;
  private final int connections;
  private final int rooms;

  Case(Kind kind, String key, String title) {
    this(kind, key, title, 0, 0);
  }

  Case(String key, String title, int connections, int rooms) {
    this(Kind.TALK, key, title, connections, rooms);
  }

  Case(Kind kind, String key, String title, int connections, int rooms) {
    this.kind = kind;
    this.key = key;
    this.title = title;
    this.connections = connections;
    this.rooms = rooms;
  }

  Kind kind() {
    return kind;
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
    return (isSql() ? "sql/r" : "r") + number % rooms;
  }

  /// Waits until all have joined whom one connection speaks to.
  void awaitAll(URI server) throws IOException {
    if (this == BROADCAST || this == BROADCAST_8) {
      Info.awaitSockets(server, room(0), connections);
    }
  }

  private boolean isSql() {
    return this == SQL || this == SQL_ONE_ROOM || this == SQL_ROOMS;
  }

  List<Measure> measures() {
    return switch (kind) {
      case START -> List.of(Measure.START);
      case WAKE ->
          List.of(
              Measure.WOKEN,
              Measure.WAKE_P50,
              Measure.WAKE_P99,
              Measure.AWAKE_P50,
              Measure.AWAKE_P99);
      case MEMORY -> List.of(Measure.HEAP, Measure.RSS);
      case TALK -> List.of(Measure.RATE, Measure.CPU, Measure.P50, Measure.P99);
    };
  }

  /// @param stored reads the counter a room has stored
  Conversation conversation(ToLongFunction<String> stored, Tally tally) {
    return switch (this) {
      case ECHO -> new Echo(connections, tally);
      case BROADCAST -> new Broadcast(connections, 1, tally);
      case BROADCAST_8 -> new Broadcast(connections, 8, tally);
      case CAS, CAS_ONE_ROOM, CAS_ROOMS, SQL, SQL_ONE_ROOM, SQL_ROOMS -> {
        List<String> names = IntStream.range(0, rooms).mapToObj(this::room).toList();
        yield new Transitions(connections, names, stored, tally);
      }
      case START, WAKE, MEMORY_ROOMS, MEMORY_ROOM, MEMORY_USED ->
          throw new IllegalStateException(this + " is measured in its own way");
    };
  }
}
