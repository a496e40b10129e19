/// Events that are taken once, kept for a while, and asked about in SQL by anybody who may reach
/// the room.
///
/// Read [AnalyticsRoom] for what is said to it, then [EventTable].
@NullMarked
package dev.dormouse.rooms.analytics;

import org.jspecify.annotations.NullMarked;
