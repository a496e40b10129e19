/// Sockets on Linux without a channel object each: bare descriptors, read through epoll, under
/// Jetty's connections; and what lets a descriptor stay open while nothing of Jetty is left of it.
///
/// Read [dev.dormouse.server.epoll.Loop] first. Knows nothing of rooms.
@NullMarked
package dev.dormouse.server.epoll;

import org.jspecify.annotations.NullMarked;
