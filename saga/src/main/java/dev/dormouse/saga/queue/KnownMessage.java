package dev.dormouse.saga.queue;

import java.io.Serializable;

/// What a group knows of a message, for people who look.
///
/// @param key its idempotency key
/// @param attempts how often it was handed out
/// @param time when its delay or its lease ends, in milliseconds since 1970; 0 if neither
/// @param error what the last attempt said; may be empty
public record KnownMessage(
    long position, MessageState state, String key, int attempts, long time, String error)
    implements Serializable {}
