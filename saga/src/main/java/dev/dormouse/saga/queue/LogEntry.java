package dev.dormouse.saga.queue;

/// A message in the log.
///
/// @param position its place: entries are numbered without gaps, from 0
/// @param appendedAt when it was appended, in milliseconds since 1970
public record LogEntry(long position, long appendedAt, QueueMessage message) {}
