package dev.dormouse.server.jetty;

import dev.dormouse.hibernation.SocketTable;
import dev.dormouse.room.spi.Execution;
import dev.dormouse.server.parking.ParkingConnector;
import org.eclipse.jetty.websocket.core.WebSocketComponents;
import org.jspecify.annotations.Nullable;

/// What all sockets of a connector need to come back, so that none has to keep it while it is
/// parked.
///
/// @param packed stands for those of whom a number is kept; null if all are kept as objects
/// @param gusts knows who pays for what they say, and finds those who say too much to stay parked
record ParkingPlace(
    SocketTable table,
    SocketLimits limits,
    Execution execution,
    WebSocketComponents components,
    ParkingConnector connector,
    @Nullable PackedWires packed,
    Gusts gusts) {}
