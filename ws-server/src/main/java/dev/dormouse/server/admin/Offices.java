package dev.dormouse.server.admin;

import dev.dormouse.saga.queue.node.QueueDesk;
import dev.dormouse.server.backup.BackupOffice;

/// Everybody whom the admin port asks.
///
/// @param guests the connections to all rooms
/// @param desk what is stored of single rooms
public record Offices(
    Inspector rooms,
    SagaOffice sagas,
    QueueDesk queues,
    Guests guests,
    BackupOffice backups,
    RoomDesk desk) {}
