package dev.dormouse.saga.queue;

/// A dead letter that has still to be appended to the dead-letter queue: the message at `position`
/// of the group's queue, as [QueueMessage#deadLetter].
public record PendingLetter(long position, DeadLetter origin) {}
