package dev.dormouse.server.admin;

import dev.dormouse.room.RoomId;
import dev.dormouse.saga.SagaStatus;
import java.time.Instant;

/// A saga in a list.
///
/// @param owner the room that it belongs to
/// @param saga its id, unique in that room
/// @param version of its definition
/// @param cause why it goes back or is parked; empty if it never did
/// @param changed when it last moved
public record SagaLine(
    RoomId owner,
    String saga,
    String definition,
    int version,
    SagaStatus status,
    boolean paused,
    String cause,
    Instant started,
    Instant changed) {}
