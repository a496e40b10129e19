package dev.dormouse.server.metrics;

import dev.dormouse.hibernation.SocketTable;
import dev.dormouse.server.access.Denial;
import dev.dormouse.server.access.Gate;

/// Who may do what, and who may not.
final class AccessMetrics {
  private AccessMetrics() {}

  static void register(Meters meters, Gate gate, SocketTable sockets) {
    meters.counted(
        "access.admitted",
        "Handshakes and requests that were let in on a server that asks for tokens",
        gate.admitted());
    for (Denial denial : Denial.values()) {
      meters.counted(
          "access.denied",
          "Handshakes, requests and renewals that were not let in, by reason",
          gate.denied(denial),
          "reason",
          Meters.word(denial));
    }
    meters.counted(
        "connections.expired",
        "Connections closed because their client's token had expired",
        sockets.counters().expired);
    meters.counted(
        "connections.revoked",
        "Connections closed because their client's token had been revoked",
        sockets.counters().revoked);
    meters.counted(
        "connections.renewed",
        "Tokens by which connections were let stay longer",
        sockets.counters().renewed);
    meters.counted(
        "messages.unheard",
        "Messages of connections that may only read which did not reach their room",
        sockets.counters().unheard);
  }
}
