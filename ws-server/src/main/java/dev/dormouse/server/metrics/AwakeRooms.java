package dev.dormouse.server.metrics;

import dev.dormouse.hibernation.SocketTable;
import dev.dormouse.room.RoomId;
import dev.dormouse.room.runtime.RoomNode;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// What can only be seen by going through the rooms that are awake: done once a scrape, for all
/// gauges together.
final class AwakeRooms implements Runnable {
  private final RoomNode node;
  private final SocketTable sockets;

  /// What the last look saw; replaced whole.
  private volatile Sight sight = new Sight(Map.of(), 0, 0, new RoomNode.Backlog(0, 0, 0));

  /// @param byNamespace how many rooms are awake
  /// @param connectedAwake how many of them have connections
  /// @param connectedAsleep how many others have
  private record Sight(
      Map<String, Integer> byNamespace,
      long connectedAwake,
      long connectedAsleep,
      RoomNode.Backlog backlog) {}

  AwakeRooms(Meters meters, List<String> namespaces, RoomNode node, SocketTable sockets) {
    this.node = node;
    this.sockets = sockets;
    for (String namespace : namespaces) {
      meters.gauge(
          "rooms.awake",
          "Rooms that are in memory",
          () -> sight.byNamespace().getOrDefault(namespace, 0),
          "namespace",
          namespace);
    }
    String connected = "Rooms that have connections, by whether they are in memory";
    meters.gauge("rooms.connected", connected, () -> sight.connectedAwake(), "state", "awake");
    meters.gauge("rooms.connected", connected, () -> sight.connectedAsleep(), "state", "asleep");
    meters.gauge(
        "events.queued",
        "Events that wait at the gates of all rooms",
        () -> sight.backlog().events());
    meters.gauge(
        "events.queued.longest",
        "The longest queue of events at the gate of one room",
        () -> sight.backlog().longest());
    meters.gauge(
        "output.held.bytes",
        "Bytes that rooms have said and that wait for the disk",
        () -> sight.backlog().heldBytes());
    meters.gauge(
        "rooms.memory.bytes",
        "What large rooms that are awake take of the memory, as reckoned",
        () -> node.crowd().taken());
    meters.gauge(
        "rooms.memory.limit.bytes",
        "From how many on others wait before they wake",
        () -> node.crowd().most());
    meters.gauge(
        "rooms.crowded",
        "Large rooms that wait for memory to wake in",
        () -> node.crowd().waiting());
    meters.gauge(
        "alarms.in.flight",
        "Due alarms that were handed to their rooms and are not settled",
        node::alarmsInFlight);
  }

  @Override
  public void run() {
    Map<String, Integer> byNamespace = new HashMap<>();
    long connected = 0;
    for (RoomId room : node.awakeRooms()) {
      byNamespace.merge(room.namespace(), 1, Integer::sum);
      if (sockets.hasConnections(room)) {
        connected++;
      }
    }
    long asleep = Math.max(0, sockets.connectedRooms() - connected);
    sight = new Sight(byNamespace, connected, asleep, node.backlog());
  }
}
