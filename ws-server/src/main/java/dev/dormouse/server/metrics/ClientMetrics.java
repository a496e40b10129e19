package dev.dormouse.server.metrics;

import dev.dormouse.server.limits.Reason;
import dev.dormouse.server.limits.Turnstile;

/// Who is let in at the ports and who is not.
final class ClientMetrics {
  private ClientMetrics() {}

  static void register(Meters meters, Turnstile turnstile) {
    meters.gauge(
        "clients",
        "Clients that have been let in and are connected, whatever they speak; parked ones too",
        turnstile::clients);
    meters.gauge(
        "clients.limit", "How many clients are let in at most", turnstile.limits()::clients);
    meters.gauge(
        "clients.handshakes",
        "Clients that have been let in and wait for the answer to their first request",
        turnstile::handshakes);
    for (Reason reason : Reason.values()) {
      meters.counted(
          "clients.sent.away",
          "Clients that were not let in, or cut off before their first request, by reason",
          turnstile.sentAway(reason),
          "reason",
          Meters.word(reason));
    }
  }
}
