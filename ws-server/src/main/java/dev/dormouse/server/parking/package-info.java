/// What a socket that leaves Jetty needs of a transport, and what each transport does about it in
/// the same way.
///
/// Read [dev.dormouse.server.parking.ParkingConnector] first. Knows nothing of rooms.
@NullMarked
package dev.dormouse.server.parking;

import org.jspecify.annotations.NullMarked;
