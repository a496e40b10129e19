/// The HTTP surface: addresses, who may ask, pages, requests and upgrades to rooms, and how errors
/// are told.
///
/// Read [dev.dormouse.server.http.FrontDoor] first, then [dev.dormouse.server.http.RoomDoor].
@NullMarked
package dev.dormouse.server.http;

import org.jspecify.annotations.NullMarked;
