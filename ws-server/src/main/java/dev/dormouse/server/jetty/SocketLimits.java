package dev.dormouse.server.jetty;

import java.time.Duration;

/// What one socket may use.
///
/// @param outboundBytes what may wait to be sent to a client, in bytes; beyond it the client reads
///   too slowly (C7)
/// @param closing how long a closing handshake may take before the socket is cut
public record SocketLimits(long outboundBytes, Duration closing) {}
