package dev.dormouse.saga.queue;

/// Where a message in a dead-letter queue comes from, and why it was given up.
///
/// @param queue the queue whose consumers failed
/// @param group the consumer group that gave up
/// @param position the message's position in that queue's log
/// @param attempts how often it was handed out
/// @param error what the last attempt said, or why it was given up without one
public record DeadLetter(String queue, String group, long position, int attempts, String error) {}
