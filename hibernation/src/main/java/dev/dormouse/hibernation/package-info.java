/// The socket side of the boundary to rooms, without any network: which connections there are, who
/// belongs to which room's audience, and who waits for an answer.
///
/// Read [dev.dormouse.server.sockets.SocketTable] first; [dev.dormouse.server.sockets.Wire] and
/// [dev.dormouse.server.sockets.Exchange] are what a network must offer.
@NullMarked
package dev.dormouse.server.sockets;

import org.jspecify.annotations.NullMarked;
