package dev.dormouse.server.jetty;

/// Where a socket that can be parked is.
sealed interface Place
    permits WebSocketWire, ParkableWire.AtRest, ParkableWire.Packed, Hearing, Waking {}
