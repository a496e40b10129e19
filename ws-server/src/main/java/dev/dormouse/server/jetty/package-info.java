/// Jetty's side of a socket: the connector that reads for many rooms at once, the handshake, and
/// the frames.
///
/// Read [dev.dormouse.server.jetty.WebSocketWire] first.
@NullMarked
package dev.dormouse.server.jetty;

import org.jspecify.annotations.NullMarked;
