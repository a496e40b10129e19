package dev.dormouse.room;

import java.time.Duration;
import java.util.function.Consumer;

/// What one room may use; exceeding it is refused with an error that names the limit.
///
/// @param keyBytes a key, in bytes of UTF-8
/// @param valueBytes a value, in bytes
/// @param turnBytes what one turn may write, keys and values together, in bytes
/// @param listBytes what one listing may return, keys and values together, in bytes
/// @param storedBytes what a room may have stored, keys and values together, in bytes; rows of
///   facilities count but are never refused
/// @param storedKeys how many keys it may have; likewise
/// @param requestBytes the body of a request, in bytes
/// @param messageBytes a message from a client, in bytes
/// @param alarms how many alarms a room has at most
/// @param queuedEvents events that wait, and handlers that are suspended, before the room is
///   *behind*: connections are then not read, calls, requests and upgrades are refused (O6)
/// @param heldBytes output that waits for the disk, in bytes, before the room is behind
/// @param connections how many connections a room has at most
/// @param porchBytes what a doorman may keep at a room, in bytes (C6)
/// @param idle how long a room stays in memory after it was last used (H1)
/// @param turn how long a turn may take before it is interrupted and the room reset (T5)
/// @param criticalSection how long a critical section may take, waits included (T8)
/// @param call how long a call waits for its reply (T8)
/// @param afterReply how long work after a reply may take (T9)
public record RoomLimits(
    int keyBytes,
    int valueBytes,
    int turnBytes,
    int listBytes,
    long storedBytes,
    long storedKeys,
    int requestBytes,
    int messageBytes,
    int alarms,
    int queuedEvents,
    int heldBytes,
    int connections,
    int porchBytes,
    Duration idle,
    Duration turn,
    Duration criticalSection,
    Duration call,
    Duration afterReply) {

  private static final int KIB = 1024;
  private static final int MIB = 1024 * KIB;

  private static final RoomLimits DEFAULTS =
      new RoomLimits(
          2 * KIB,
          2 * MIB,
          16 * MIB,
          16 * MIB,
          1024L * MIB,
          1_000_000,
          4 * MIB,
          MIB,
          1_000,
          1_024,
          8 * MIB,
          32_768,
          64 * KIB,
          Duration.ofSeconds(10),
          Duration.ofSeconds(30),
          Duration.ofSeconds(30),
          Duration.ofSeconds(30),
          Duration.ofMinutes(15));

  public static RoomLimits defaults() {
    return DEFAULTS;
  }

  /// @param written see [#turnBytes]
  /// @param listed see [#listBytes]
  public RoomLimits withTurn(int written, int listed) {
    return with(some -> {
      some.turnBytes = written;
      some.listBytes = listed;
    });
  }

  /// @param bytes see [#storedBytes]
  /// @param keys see [#storedKeys]
  public RoomLimits withStored(long bytes, long keys) {
    if (bytes < 0 || keys < 0) {
      throw new IllegalArgumentException("a room does not store less than nothing");
    }
    return with(some -> {
      some.storedBytes = bytes;
      some.storedKeys = keys;
    });
  }

  /// @param bytes see [#messageBytes]
  public RoomLimits withMessageBytes(int bytes) {
    return with(some -> some.messageBytes = bytes);
  }

  /// @param bytes see [#requestBytes]
  public RoomLimits withRequestBytes(int bytes) {
    return with(some -> some.requestBytes = bytes);
  }

  /// @param events see [#queuedEvents]
  /// @param bytes see [#heldBytes]
  public RoomLimits withBacklog(int events, int bytes) {
    return with(some -> {
      some.queuedEvents = events;
      some.heldBytes = bytes;
    });
  }

  /// @param count see [#connections]
  public RoomLimits withConnections(int count) {
    return with(some -> some.connections = count);
  }

  /// @param bytes see [#porchBytes]
  public RoomLimits withPorchBytes(int bytes) {
    return with(some -> some.porchBytes = bytes);
  }

  /// @param idle see [#idle]; must be positive
  public RoomLimits withIdle(Duration idle) {
    if (!idle.isPositive()) {
      throw new IllegalArgumentException("a room is idle for longer than " + idle);
    }
    return with(some -> some.idle = idle);
  }

  private RoomLimits with(Consumer<Draft> change) {
    Draft draft = new Draft(this);
    change.accept(draft);
    return new RoomLimits(
        keyBytes,
        valueBytes,
        draft.turnBytes,
        draft.listBytes,
        draft.storedBytes,
        draft.storedKeys,
        draft.requestBytes,
        draft.messageBytes,
        alarms,
        draft.queuedEvents,
        draft.heldBytes,
        draft.connections,
        draft.porchBytes,
        draft.idle,
        turn,
        criticalSection,
        call,
        afterReply);
  }

  /// The limits that can be set.
  private static final class Draft {
    private int turnBytes;
    private int listBytes;
    private long storedBytes;
    private long storedKeys;
    private int requestBytes;
    private int messageBytes;
    private int queuedEvents;
    private int heldBytes;
    private int connections;
    private int porchBytes;
    private Duration idle;

    Draft(RoomLimits from) {
      turnBytes = from.turnBytes;
      listBytes = from.listBytes;
      storedBytes = from.storedBytes;
      storedKeys = from.storedKeys;
      requestBytes = from.requestBytes;
      messageBytes = from.messageBytes;
      queuedEvents = from.queuedEvents;
      heldBytes = from.heldBytes;
      connections = from.connections;
      porchBytes = from.porchBytes;
      idle = from.idle;
    }
  }
}
