/// Sockets on the JDK's channels, under Jetty's connections: what lets a channel stay open and
/// watched while nothing of Jetty is left of it, and what accepts when descriptors run out.
///
/// Read [dev.dormouse.server.nio.Berth] first. Knows nothing of rooms.
@NullMarked
package dev.dormouse.server.nio;

import org.jspecify.annotations.NullMarked;
