package dev.dormouse.server.jetty;

import dev.dormouse.server.limits.Burden;
import dev.dormouse.server.limits.Metering;
import java.time.Duration;

/// What one socket may use.
///
/// @param outboundBytes what may wait to be sent to a client, in bytes; beyond it the client reads
///   too slowly (C7)
/// @param closing how long a closing handshake may take before the socket is cut
/// @param metering how much a client may say in a second
/// @param burden what waits in memory for all of them
public record SocketLimits(long outboundBytes, Duration closing, Metering metering, Burden burden) {
  /// Where much waits for all, a client may be behind by this part only.
  private static final int PRESSED = 16;

  /// How far a client may be behind at present, in bytes.
  long behind() {
    return burden.heavy() ? outboundBytes / PRESSED : outboundBytes;
  }
}
