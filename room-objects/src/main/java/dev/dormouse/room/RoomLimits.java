package dev.dormouse.room;

import java.time.Duration;

/// What one room may use; exceeding it is refused with an error that names the limit.
///
/// @param keyBytes a key, in bytes of UTF-8
/// @param valueBytes a value, in bytes
/// @param turnBytes what one turn may write, keys and values together, in bytes
/// @param listBytes what one listing may return, keys and values together, in bytes
/// @param requestBytes the body of a request, in bytes
/// @param messageBytes a message from a client, in bytes
/// @param alarms how many alarms a room has at most
/// @param queuedEvents events that wait, and handlers that are suspended, before the room is
///   *behind*: connections are then not read, calls, requests and upgrades are refused (O6)
/// @param heldBytes output that waits for the disk, in bytes, before the room is behind
/// @param connections how many connections a room has at most
/// @param turn how long a turn may take before it is interrupted and the room reset (T5)
/// @param criticalSection how long a critical section may take, waits included (T8)
/// @param call how long a call waits for its reply (T8)
/// @param afterReply how long work after a reply may take (T9)
public record RoomLimits(
    int keyBytes,
    int valueBytes,
    int turnBytes,
    int listBytes,
    int requestBytes,
    int messageBytes,
    int alarms,
    int queuedEvents,
    int heldBytes,
    int connections,
    Duration turn,
    Duration criticalSection,
    Duration call,
    Duration afterReply) {

  private static final int KIB = 1024;
  private static final int MIB = 1024 * KIB;

  public static RoomLimits defaults() {
    return new RoomLimits(
        2 * KIB,
        2 * MIB,
        16 * MIB,
        16 * MIB,
        4 * MIB,
        MIB,
        1_000,
        1_024,
        8 * MIB,
        32_768,
        Duration.ofSeconds(30),
        Duration.ofSeconds(30),
        Duration.ofSeconds(30),
        Duration.ofMinutes(15));
  }

  public RoomLimits withMessageBytes(int bytes) {
    return new RoomLimits(
        keyBytes,
        valueBytes,
        turnBytes,
        listBytes,
        requestBytes,
        bytes,
        alarms,
        queuedEvents,
        heldBytes,
        connections,
        turn,
        criticalSection,
        call,
        afterReply);
  }

  public RoomLimits withRequestBytes(int bytes) {
    return new RoomLimits(
        keyBytes,
        valueBytes,
        turnBytes,
        listBytes,
        bytes,
        messageBytes,
        alarms,
        queuedEvents,
        heldBytes,
        connections,
        turn,
        criticalSection,
        call,
        afterReply);
  }

  /// @param events see [#queuedEvents]
  /// @param bytes see [#heldBytes]
  public RoomLimits withBacklog(int events, int bytes) {
    return new RoomLimits(
        keyBytes,
        valueBytes,
        turnBytes,
        listBytes,
        requestBytes,
        messageBytes,
        alarms,
        events,
        bytes,
        connections,
        turn,
        criticalSection,
        call,
        afterReply);
  }

  public RoomLimits withConnections(int count) {
    return new RoomLimits(
        keyBytes,
        valueBytes,
        turnBytes,
        listBytes,
        requestBytes,
        messageBytes,
        alarms,
        queuedEvents,
        heldBytes,
        count,
        turn,
        criticalSection,
        call,
        afterReply);
  }
}
