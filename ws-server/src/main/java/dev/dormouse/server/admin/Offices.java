package dev.dormouse.server.admin;

import dev.dormouse.saga.queue.node.QueueDesk;
import dev.dormouse.server.backup.BackupOffice;
import java.util.function.IntSupplier;

/// Everybody whom the admin port asks.
///
/// @param connections how many connections there are to all rooms
/// @param desk what is stored of single rooms
public record Offices(
    Inspector rooms,
    SagaOffice sagas,
    QueueDesk queues,
    IntSupplier connections,
    BackupOffice backups,
    RoomDesk desk) {}
