package dev.dormouse.room.spi;

import dev.dormouse.room.RoomId;
import java.util.List;

/// What is known of one room without entering or waking it.
///
/// @param connections how many it has
/// @param since when it woke or fell asleep, in milliseconds since 1970 UTC; 0 if it has not been
///   awake in this process
/// @param keptAwake why it does not sleep; empty if it sleeps, and for a moment before
public record RoomReport(
    RoomId room, boolean awake, int connections, long since, List<KeptAwake> keptAwake) {}
