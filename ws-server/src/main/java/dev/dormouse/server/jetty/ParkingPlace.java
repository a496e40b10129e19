package dev.dormouse.server.jetty;

import dev.dormouse.hibernation.SocketTable;
import dev.dormouse.room.spi.Execution;
import dev.dormouse.server.epoll.EpollConnector;
import org.eclipse.jetty.websocket.core.WebSocketComponents;

/// What all sockets of a connector need to come back, so that none has to keep it while it is
/// parked.
record ParkingPlace(
    SocketTable table,
    SocketLimits limits,
    Execution execution,
    WebSocketComponents components,
    EpollConnector connector) {}
