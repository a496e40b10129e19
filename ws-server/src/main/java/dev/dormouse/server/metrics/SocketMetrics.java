package dev.dormouse.server.metrics;

import dev.dormouse.hibernation.SocketCounters;
import dev.dormouse.hibernation.SocketTable;

/// Sockets, the connections on them, and the messages that went through.
final class SocketMetrics {
  private SocketMetrics() {}

  static void register(Meters meters, SocketTable sockets) {
    SocketCounters counters = sockets.counters();
    String states =
        "Sockets, by state; parked while only the socket itself is kept, closing from the first word"
            + " of a close to its end";
    meters.gauge(
        "sockets",
        states,
        () -> Math.max(0, sockets.sockets() - counters.closing.sum() - counters.parked.sum()),
        "state",
        "open");
    meters.gauge("sockets", states, counters.parked::sum, "state", "parked");
    meters.gauge("sockets", states, counters.closing::sum, "state", "closing");
    meters.gauge(
        "connections.packed",
        "Connections of quiet rooms, of which a few numbers are all that is kept",
        sockets::packed);
    meters.counted("sockets.unparked", "Parked sockets that have come back", counters.unparked);
    meters.counted(
        "sockets.parked.frames",
        "Pings and messages of clients that were seen to while their socket was parked",
        counters.attended);
    meters.gauge(
        "sockets.not.read",
        "Sockets that are not read for now because their room is behind",
        counters.paused::sum);
    meters.gauge(
        "sockets.queued.bytes",
        "Bytes handed to sockets that have not left yet, with frame headers",
        counters.queued::sum);
    meters.gauge(
        "connections",
        "Connections that rooms have or have not yet taken leave of",
        sockets::connections);
    meters.counted(
        "connections.slow",
        "Connections closed because their client read too slowly",
        counters.slow);
    meters.counted("messages.received", "Messages that came in whole", counters.received);
    meters.counted("messages.sent", "Messages handed to the network", counters.sent);
    meters.counted(
        "messages.dropped", "Messages to connections that were closing or gone", counters.dropped);
  }
}
