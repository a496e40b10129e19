package dev.dormouse.server.metrics;

import dev.dormouse.server.limits.Burden;
import dev.dormouse.server.limits.Metering;
import dev.dormouse.server.limits.Patience;

/// How the limits on what clients say and on what waits for them hold.
final class LimitMetrics {
  private LimitMetrics() {}

  static void register(Meters meters, Metering metering, Burden burden, Patience patience) {
    meters.counted(
        "clients.throttled",
        "Times that a WebSocket was not read for a moment because too much came from it, its address"
            + " or its user",
        metering.throttled());
    meters.counted(
        "requests.refused",
        "Requests answered 429 because too many came from their address or user",
        metering.refused());
    meters.counted(
        "clients.unfinished",
        "Messages, bodies and answers that were given up, since their client did not get on with"
            + " them or too much waited in memory",
        patience.ended());
    meters.gauge(
        "memory.waiting.bytes",
        "Bytes that wait in memory for all clients, on the way in and out",
        burden::weight);
    meters.gauge(
        "memory.waiting.limit.bytes",
        "From how many on the server takes less from everybody",
        burden::most);
  }
}
